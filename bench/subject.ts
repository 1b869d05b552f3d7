/** Calls the ledger's verbs in its own process: what is measured without HTTP. */
import { randomBytes } from 'node:crypto'

import { readBalance } from '@/lib/analytics/read-balance'
import { systemClock } from '@/lib/clock'
import { readDailySpend, readSpendByShape, readSpendBySubject } from '@/lib/db/daily-usage'
import type { Account } from '@/lib/db/organizations'
import { closePool, query } from '@/lib/db/pool'
import { toUsageEvent, usageEventInput } from '@/lib/usage/contract'
import { recordUsage } from '@/lib/usage/record-usage'
import type { UsageEvent } from '@/lib/usage/rules/usage-event'

import { median } from './arithmetic'
import { answerCommands } from './child'
import { callFor } from './callers'
import type { Comparison, Pace, SubjectCommand, Wallets, World } from './commands'
import { makeOldAccount } from './old-account'
import { prove } from './proof'
import { eventFields } from './sample-event'
import { BACKEND, buildWorld, type Accounts } from './world'

const OLD_EVENTS = 1_000_000
const YOUNG_EVENTS = 1_000
const YOUNG_COST_EVENTS = 10_000
const COST_DAYS = 30
const DAY_MS = 86_400_000
const MOST_ROWS = 50

type Aged = { readonly old: Account; readonly young: Account; readonly youngCosts: Account }

let accounts: Accounts | null = null
let aged: Aged | null = null
const run = randomBytes(6).toString('hex')
let number = 0
const samples = Array.from({ length: 28 }, (_, index) =>
  toUsageEvent(usageEventInput.parse({ id: 'sample', organization: 'bench', ...eventFields(index) })),
)

answerCommands(answer, closePool)

async function answer(command: SubjectCommand): Promise<unknown> {
  if (command.kind === 'prepare') return prepare()
  if (command.kind === 'debit') return debit(command.wallets, command.callers, command.ms)
  if (command.kind === 'prove') return prove(known(accounts), command.acknowledged)
  if (command.kind === 'grow-old') return growOld()
  return compare(command.what, command.calls)
}

async function prepare(): Promise<World> {
  const world = await buildWorld()
  accounts = world.accounts
  return {
    key: world.key,
    hot: world.accounts.hot.externalId,
    many: world.accounts.many.map(({ externalId }) => externalId),
  }
}

async function debit(wallets: Wallets, callers: number, ms: number): Promise<Pace> {
  const { hot, many } = known(accounts)
  return callFor(callers, ms, async () => {
    const event = nextEvent()
    await spendOn(wallets === 'hot' ? hot : (many[number % many.length] ?? hot), event)
    return 1
  })
}

async function growOld(): Promise<void> {
  aged = {
    old: await makeOldAccount('old', OLD_EVENTS),
    young: await makeOldAccount('young', YOUNG_EVENTS),
    youngCosts: await makeOldAccount('young-costs', YOUNG_COST_EVENTS),
  }
}

/** Both accounts are called in turn, so that a busy moment of the machine meets both. */
async function compare(what: 'balance' | 'debit' | 'costs', calls: number): Promise<Comparison> {
  const { old, young, youngCosts } = known(aged)
  const call = { balance: readOnce, debit: (account: Account) => spendOn(account, nextEvent()), costs: readCosts }[what]
  const accountsInTurn = [old, what === 'costs' ? youngCosts : young] as const
  const times: readonly [number[], number[]] = [[], []]
  for (let turn = 0; turn < calls; turn += 1) {
    for (const place of turn % 2 === 0 ? ([0, 1] as const) : ([1, 0] as const)) {
      const start = performance.now()
      await call(accountsInTurn[place])
      times[place].push(performance.now() - start)
    }
  }
  return { oldMs: median(times[0]), youngMs: median(times[1]) }
}

async function spendOn(account: Account, event: UsageEvent): Promise<void> {
  const recorded = await recordUsage(BACKEND, account, [event], systemClock)
  if (!recorded.ok) throw new Error(`usage was refused: ${recorded.error.code}`)
  const [decision] = recorded.value
  if (decision?.ok !== true || decision.value.isDuplicate) throw new Error('an event was refused or taken for another')
}

async function readOnce({ externalId }: Account): Promise<void> {
  const read = await readBalance(BACKEND, externalId, systemClock)
  if (!read.ok) throw new Error(`the balance was refused: ${read.error.code}`)
}

/** What the pages ask of 30 days: spend by day, by shape and by subject. */
async function readCosts(account: Account): Promise<void> {
  const [wallet] = await query('SELECT id FROM wallet WHERE account_id = $1', [account.id])
  const walletId = wallet?.['id'] as string
  const day = (at: number) => new Date(at).toISOString().slice(0, 10)
  const span = [day(Date.now() - COST_DAYS * DAY_MS), day(Date.now())] as const
  const days = await readDailySpend(account.id, walletId, ...span)
  if (days.length < COST_DAYS - 1) throw new Error(`${days.length} days of costs were found`)
  await readSpendByShape(account.id, walletId, ...span, MOST_ROWS)
  await readSpendBySubject(account.id, walletId, ...span, MOST_ROWS)
}

function nextEvent(): UsageEvent {
  number += 1
  const sample = samples[number % samples.length]
  return { ...known(sample ?? null), id: `${run}-${number}` }
}

function known<Value>(value: Value | null): Value {
  if (value === null) throw new Error('prepare this process first')
  return value
}
