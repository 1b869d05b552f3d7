import { randomUUID } from 'node:crypto'

import { readTerms } from '../db/account-terms'
import { mergeAccountPolicy, type Account } from '../db/organizations'
import { query } from '../db/pool'
import type { PolicyOverride } from '../organizations/rules/effective-policy'
import { heartbeatRun } from '../usage/runs/heartbeat-run'
import { pauseRun } from '../usage/runs/pause-run'
import { readRun } from '../usage/runs/read-run'
import { readyRun } from '../usage/runs/ready-run'
import { resumeRun } from '../usage/runs/resume-run'
import type { RunAnswer, RunInput } from '../usage/run-contract'
import { lookAtDueRuns } from '../usage/runs/runs-due'
import { startRun } from '../usage/runs/start-run'
import { stopRun } from '../usage/runs/stop-run'
import { movableClock, type MovableClock } from './clock'
import { giveCredit } from './ledger-factory'
import { valueOf } from './ledger'
import { createOrganization } from './organization'

/** The operator's backend. */
export const BACKEND = { kind: 'key', keyId: '01930000-0000-7000-8000-000000000001', mode: 'test' } as const

/** The worker. */
export const WORKER = { kind: 'job', task: 'work_due' } as const

const CALLS = { ready: readyRun, heartbeat: heartbeatRun, pause: pauseRun, resume: resumeRun, stop: stopRun }

/** What the operator's backend may say of a run. */
export type Said = keyof typeof CALLS

/** An organization of a test's own with some credit, a clock that is moved by seconds, and the ways to run something in it. */
export type RunBench = {
  readonly account: Account
  readonly clock: MovableClock
  readonly wait: (seconds: number) => void
  readonly start: (meter: string, fields?: Partial<RunInput>) => ReturnType<typeof startRun>
  /** Starts a run and says that it is ready. Answers its outside id. */
  readonly run: (meter: string, fields?: Partial<RunInput>) => Promise<string>
  readonly say: (what: Said, id: string, at?: Date) => ReturnType<typeof stopRun>
  readonly read: (id: string) => Promise<RunAnswer>
  /** Has the worker do what is due now. */
  readonly sweep: () => Promise<void>
  readonly credit: (amount: string) => Promise<unknown>
  readonly wallet: () => Promise<{ readonly balance: bigint; readonly debt: bigint }>
  readonly events: () => Promise<readonly UsedStretch[]>
}

/** A usage event of a run, as it is stored. */
export type UsedStretch = {
  readonly id: string
  readonly quantity: string
  readonly amount: bigint
  readonly occurredAt: Date
}

/** Makes such an organization. */
export async function openRunBench(policy: PolicyOverride, credit: string): Promise<RunBench> {
  const clock = movableClock()
  const { account } = await createOrganization(clock.now())
  await mergeAccountPolicy(account.id, policy)
  const give = (amount: string) => giveCredit(account.id, { amount, at: clock.now() })
  if (credit !== '0') await give(credit)
  const start: RunBench['start'] = (meter, fields = {}) =>
    startRun(BACKEND, { id: `run-${randomUUID()}`, organization: account.externalId, meter, ...fields }, clock)
  const say: RunBench['say'] = (what, id, at) =>
    CALLS[what](BACKEND, id, at === undefined ? {} : { at: at.toISOString() }, clock)
  return {
    account,
    clock,
    wait: (seconds) => clock.advance(Math.round(seconds * 1_000)),
    start,
    run: async (meter, fields) => {
      const { id } = valueOf(await start(meter, fields)).run
      valueOf(await say('ready', id))
      return id
    },
    say,
    read: async (id) => valueOf(await readRun(BACKEND, id)),
    sweep: async () => void valueOf(await lookAtDueRuns(WORKER, account.id, (await timeOf(account.id)) ?? clock.now())),
    credit: give,
    wallet: () => readWallet(account.id),
    events: () => readStretches(account.id),
  }
}

async function timeOf(accountId: string): Promise<Date | null> {
  return (await readTerms(accountId)).clockAt
}

async function readWallet(accountId: string) {
  const [row] = await query('SELECT balance, debt FROM wallet WHERE account_id = $1', [accountId])
  return { balance: row?.['balance'] as bigint, debt: row?.['debt'] as bigint }
}

async function readStretches(accountId: string): Promise<readonly UsedStretch[]> {
  const sql = 'SELECT id, quantity, amount, occurred_at FROM usage_event WHERE account_id = $1 ORDER BY occurred_at, id'
  return (await query(sql, [accountId])).map((row) => ({
    id: row['id'] as string,
    quantity: (row['quantity'] as string).replace(/\.?0+$/, ''),
    amount: row['amount'] as bigint,
    occurredAt: row['occurred_at'] as Date,
  }))
}
