import pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import { findAutoCharge } from '@/lib/db/auto-charges'
import { readBooks } from '@/lib/db/books'
import { enqueueRecharge, enqueueSettlement } from '@/lib/db/charge-jobs'
import { mergeAccountPolicy } from '@/lib/db/organizations'
import { inTransaction, query } from '@/lib/db/pool'
import { findBreaches } from '@/lib/ledger/invariants'
import { CREDIT_SCALE, formatAmount } from '@/lib/money/amount'
import type { PolicyOverride } from '@/lib/organizations/rules/effective-policy'
import { movableClock, type MovableClock } from '@/lib/testing/clock'
import type { TestDatabase } from '@/lib/testing/database'
import { openTestDatabase } from '@/lib/testing/environment'
import { giveCredit } from '@/lib/testing/ledger-factory'
import { createOrganization, type TestOrganization } from '@/lib/testing/organization'
import { SANDBOX_KEYS, startSandboxProcess, type SandboxProcess } from '@/lib/testing/sandbox-process'
import { saveTestCard } from '@/lib/testing/saved-card'
import { spendCredits } from '@/lib/testing/spend-credits'

import { chargeWhatIsDue } from './charge-what-is-due'
import { chargeSource } from './due-charges'
import type { ChargeOccasion } from '../rules/plan-charge'
import { setRecharge } from './set-recharge'

const job = { kind: 'job', task: 'test' } as const
const HOUR_MS = 3_600_000

let sandbox: SandboxProcess
let database: TestDatabase
let org: TestOrganization
let clock: MovableClock

beforeAll(async () => {
  database = await openTestDatabase(async ({ url }) => {
    sandbox = await startSandboxProcess(url)
    return {
      STRIPE_API_BASE: sandbox.url,
      STRIPE_SECRET_KEY: SANDBOX_KEYS.secretKey,
      STRIPE_WEBHOOK_SECRET: SANDBOX_KEYS.webhookSecret,
    }
  })
}, 60_000)

afterAll(async () => {
  await sandbox.stop()
  await database.drop()
})

beforeEach(async () => {
  clock = movableClock()
  org = await createOrganization(clock.now())
})

async function begin(policy: PolicyOverride = { at_zero: 'charge_card' }, card: string | null = 'visa'): Promise<void> {
  await mergeAccountPolicy(org.account.id, policy)
  if (card !== null) await saveTestCard(org.account.id, card)
}

const spend = (amount: string) => spendCredits(org.account.id, { amount, at: clock.now() })
const run = (occasion: ChargeOccasion = 'other') => chargeWhatIsDue(job, org.account.id, occasion, clock)

async function book() {
  const [found] = await readBooks(org.account.id)
  if (found === undefined) throw new Error('no wallet')
  expect(findBreaches(found, clock.now())).toEqual([])
  const show = (value: typeof found.wallet.balance) => formatAmount(value, CREDIT_SCALE)
  return { balance: show(found.wallet.balance), debt: show(found.wallet.debt), grants: found.grants }
}

async function charged(): Promise<readonly number[]> {
  const charges = await sandbox.control.objects('charge')
  const mine = charges.filter(
    (charge) =>
      charge['paid'] === true && (charge['metadata'] as Record<string, string>)['account_id'] === org.account.id,
  )
  return mine.map((charge) => charge['amount'] as number).reverse()
}

describe('debt under charge_card', () => {
  it('is charged when its run has ended, rounded up to the cent; the fraction stays as credit', async () => {
    await begin()
    await spend('5.123')
    expect(await run()).toMatchObject({ value: { attempts: [], end: 'nothing' } })
    expect(await charged()).toEqual([])
    expect(await run('run_ended')).toMatchObject({ value: { attempts: [{ kind: 'settlement', status: 'settled' }] } })
    expect(await charged()).toEqual([513])
    const { balance, debt, grants } = await book()
    expect({ balance, debt }).toEqual({ balance: '0.007', debt: '0' })
    expect(grants.map(({ source }) => source)).toEqual(['settlement'])
    const entries = await query(`SELECT kind, actor FROM entry WHERE account_id = $1 ORDER BY sequence`, [
      org.account.id,
    ])
    expect(entries.at(-1)).toEqual({ kind: 'settlement', actor: 'job:settlement' })
  })

  it('is charged as soon as it passes the limit, not at it', async () => {
    await begin()
    await spend('10')
    await run()
    expect(await charged()).toEqual([])
    await spend('0.01')
    await run()
    expect(await charged()).toEqual([1001])
  })

  it('takes its limit from the policy', async () => {
    await begin({ at_zero: 'charge_card', debt_limit_cents: 200 })
    await spend('2.01')
    await run()
    expect(await charged()).toEqual([201])
  })

  it('that is small is batched until the first of it is an hour old', async () => {
    await begin()
    await spend('1')
    await run()
    clock.advance(HOUR_MS / 2)
    await spend('2')
    await run()
    expect(await charged()).toEqual([])
    const due = new Date(clock.now().getTime() + HOUR_MS / 2)
    expect(await chargeSource.nextDue(org.account.id)).toEqual(due)
    expect(await chargeSource.dueAccounts(new Date(due.getTime() - 1), 100)).not.toContain(org.account.id)
    expect(await chargeSource.dueAccounts(due, 100)).toContain(org.account.id)
    clock.advance(HOUR_MS / 2)
    await chargeSource.work(job, org.account.id, clock.now())
    expect(await charged()).toEqual([300])
    expect(await chargeSource.nextDue(org.account.id)).toBeNull()
  })

  it('is charged once, however many jobs look at once', async () => {
    await begin()
    await spend('12')
    await Promise.all(Array.from({ length: 20 }, (_, index) => run(index % 2 === 0 ? 'run_ended' : 'other')))
    expect(await charged()).toEqual([1200])
    expect((await book()).debt).toBe('0')
  })

  it('below what Stripe charges at the least is charged as fifty cents, and the rest is credit', async () => {
    await begin()
    await spend('0.02')
    await run('run_ended')
    expect(await charged()).toEqual([50])
    expect((await book()).balance).toBe('0.48')
  })

  it('that other credit has repaid is not charged', async () => {
    await begin()
    await spend('5')
    await run()
    await giveCredit(org.account.id, { amount: '5', at: clock.now() })
    clock.advance(HOUR_MS)
    await chargeSource.work(job, org.account.id, clock.now())
    expect(await charged()).toEqual([])
    expect(await chargeSource.nextDue(org.account.id)).toBeNull()
  })

  it('follows the back-off of every charge of this card when it is declined', async () => {
    await begin({ at_zero: 'charge_card' }, 'chargeCustomerFail')
    await spend('12')
    await run()
    await run('run_ended')
    const { state } = await findAutoCharge(org.account.id)
    expect(state).toMatchObject({ status: 'backing_off', declines: 1 })
    expect(state.retryAt).toEqual(new Date(clock.now().getTime() + HOUR_MS))
    const [payments] = await query(`SELECT count(*)::int AS payments FROM payment WHERE account_id = $1`, [
      org.account.id,
    ])
    expect(payments?.['payments']).toBe(1)
  })

  it('without a card to charge suspends instead of being looked at for ever', async () => {
    await begin({ at_zero: 'charge_card' }, null)
    await spend('12')
    expect(await run()).toMatchObject({ value: { end: 'no_card' } })
    expect((await findAutoCharge(org.account.id)).state).toMatchObject({ status: 'suspended', reason: 'no_card' })
    expect(await chargeSource.nextDue(org.account.id)).toBeNull()
  })

  it('is repaid by a recharge that is due too: one charge fills both', async () => {
    await begin({ at_zero: 'charge_card', recharge_trigger: 'below', recharge_size: 'target' })
    await giveCredit(org.account.id, { amount: '100', at: clock.now() })
    await setRecharge(org.owner, org.account, { threshold: '20', size: '100' }, clock)
    await spend('112')
    await run('run_ended')
    expect(await charged()).toEqual([11200])
    expect(await book()).toMatchObject({ balance: '100', debt: '0' })
  })
})

describe('debt under every other policy', () => {
  it.each(['deny', 'pause_runs', 'overdraft'] as const)('is not charged by itself: %s', async (at_zero) => {
    await begin({ at_zero })
    await spend('50')
    await run('run_ended')
    expect(await charged()).toEqual([])
    expect((await findAutoCharge(org.account.id)).debtSince).toBeNull()
  })
})

describe('the jobs', () => {
  it('exist exactly if their transaction was committed, one of a kind per account', async () => {
    const queued = async () => {
      const sql = `SELECT task_identifier, key FROM graphile_worker.jobs WHERE key LIKE '%' || $1 || '%' ORDER BY key`
      const client = new pg.Client(database.url)
      await client.connect()
      const { rows } = await client.query<{ task_identifier: string }>(sql, [org.account.id])
      await client.end()
      return rows.map((row) => row.task_identifier)
    }
    const failing = inTransaction(async (tx) => {
      await enqueueRecharge(tx, org.account.id)
      throw new Error('undone')
    })
    await expect(failing).rejects.toThrow('undone')
    await inTransaction(async (tx) => {
      await enqueueRecharge(tx, org.account.id)
      await enqueueRecharge(tx, org.account.id)
      await enqueueSettlement(tx, org.account.id, 'other')
      await enqueueSettlement(tx, org.account.id, 'run_ended')
    })
    expect(await queued()).toEqual(['run_recharge', 'settle_debt', 'settle_debt'])
  })
})
