import { randomUUID } from 'node:crypto'

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import { readBalance } from '@/lib/analytics/read-balance'
import { readRechargeCard } from '@/lib/analytics/read-recharge-card'
import { readWallets } from '@/lib/analytics/reader'
import { readTerms } from '@/lib/db/account-terms'
import { findAutoCharge } from '@/lib/db/auto-charges'
import { lockBook, readBooks } from '@/lib/db/books'
import { showId } from '@/lib/db/ids'
import { findAccount, mergeAccountPolicy, type Account } from '@/lib/db/organizations'
import { findPayment } from '@/lib/db/payments'
import { inTransaction, query } from '@/lib/db/pool'
import { findRecharge } from '@/lib/db/recharges'
import { findBreaches } from '@/lib/ledger/invariants'
import { CREDIT_SCALE, formatAmount, type Amount } from '@/lib/money/amount'
import type { PolicyOverride } from '@/lib/organizations/rules/effective-policy'
import { movableClock, type MovableClock } from '@/lib/testing/clock'
import { advanceTestClock } from '@/lib/schedule/advance-test-clock'
import type { TestDatabase } from '@/lib/testing/database'
import { openTestDatabase } from '@/lib/testing/environment'
import { killWaiting } from '@/lib/testing/kill-waiting'
import { definePrice, giveCredit, useMeter } from '@/lib/testing/ledger-factory'
import { createOrganization, type TestOrganization } from '@/lib/testing/organization'
import { readerOf } from '@/lib/testing/reader'
import { SANDBOX_KEYS, startSandboxProcess, type SandboxProcess } from '@/lib/testing/sandbox-process'
import { saveTestCard } from '@/lib/testing/saved-card'
import { spendCredits } from '@/lib/testing/spend-credits'

import { chargeWhatIsDue } from './charge-what-is-due'
import { followUpPayment } from '../payments/check-payment'
import { chooseDefaultCard } from './choose-default-card'
import { confirmCharge } from './confirm-charge'
import { decideCharge } from './decide-charge'
import { chargeSource } from './due-charges'
import { rearmRecharge } from './rearm-recharge'
import type { SetRecharge } from '../recharge-contract'
import { removeCard } from './remove-card'
import { isRechargeDue } from '../rules/recharge'
import { setRecharge } from './set-recharge'
import { settlePayment } from '../payments/settle-payment'
import { startPurchase } from '../payments/start-purchase'
import { stopRecharge } from './stop-recharge'

const job = { kind: 'job', task: 'test' } as const
const stripe = { kind: 'stripe' } as const
const KEY = { kind: 'key', keyId: '01930000-0000-7000-8000-000000000001', mode: 'test' } as const
const HOUR_MS = 3_600_000
const TARGET: PolicyOverride = { recharge_trigger: 'below', recharge_size: 'target' }

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
  await sandbox.control.clearFaults()
  clock = movableClock()
  org = await createOrganization(clock.now())
})

async function current(): Promise<Account> {
  const account = await findAccount(org.account.id)
  if (account === null) throw new Error('no account')
  return account
}

/** An account with a card, a policy, credits, and auto-recharge that nothing calls for yet. */
async function begin(
  credits: string,
  setting: SetRecharge,
  { policy = TARGET, card = 'visa' }: { policy?: PolicyOverride; card?: string } = {},
): Promise<void> {
  await mergeAccountPolicy(org.account.id, policy)
  await saveTestCard(org.account.id, card)
  await giveCredit(org.account.id, { amount: credits, at: clock.now() })
  const saved = await setRecharge(org.owner, await current(), setting, clock)
  expect(saved).toEqual({ ok: true, value: { status: 'saved', chargedNowUsd: null } })
}

const spend = (amount: string) => spendCredits(org.account.id, { amount, at: clock.now() })
const run = () => chargeWhatIsDue(job, org.account.id, 'other', clock)
const stateOf = async () => (await findAutoCharge(org.account.id)).state

/** The balance and the recharge entries. Fails on a broken invariant. */
async function books() {
  const [book] = await readBooks(org.account.id)
  if (book === undefined) throw new Error('no wallet')
  expect(findBreaches(book, clock.now())).toEqual([])
  const entries = await query(
    `SELECT amount FROM entry WHERE account_id = $1 AND kind = 'recharge' ORDER BY sequence`,
    [org.account.id],
  )
  return {
    balance: formatAmount(book.wallet.balance, CREDIT_SCALE),
    recharges: entries.map((row) => formatAmount(row['amount'] as Amount, CREDIT_SCALE)),
    book,
  }
}

/** What Stripe took, in cents, in the order in which it did. */
async function charged(): Promise<readonly number[]> {
  const charges = await sandbox.control.objects('charge')
  const mine = charges.filter(
    (charge) =>
      charge['paid'] === true && (charge['metadata'] as Record<string, string>)['account_id'] === org.account.id,
  )
  return mine.map((charge) => charge['amount'] as number).reverse()
}

/** How many times Stripe was asked for money. */
async function attempts(): Promise<number> {
  const intents = await sandbox.control.objects('payment_intent')
  return intents.filter((intent) => (intent['metadata'] as Record<string, string>)['account_id'] === org.account.id)
    .length
}

async function lastPayment() {
  const [row] = await query('SELECT id FROM payment WHERE account_id = $1 ORDER BY id DESC LIMIT 1', [org.account.id])
  const payment = await findPayment(org.account.id, row?.['id'] as string)
  if (payment === null) throw new Error('no payment')
  return payment
}

describe('a recharge', () => {
  it('from 19 with a target of 100 charges exactly 81.00 and lands on 100', async () => {
    await begin('100', { threshold: '20', size: '100' })
    await spend('81')
    expect(await run()).toMatchObject({ ok: true, value: { attempts: [{ kind: 'recharge', status: 'settled' }] } })
    expect(await charged()).toEqual([8100])
    const { balance, recharges, book } = await books()
    expect({ balance, recharges }).toEqual({ balance: '100', recharges: ['81'] })
    expect(book.grants.map(({ source, costBasisCents }) => [source, costBasisCents])).toContainEqual([
      'recharge',
      8100n,
    ])
    const [entry] = await query(`SELECT actor, description FROM entry WHERE account_id = $1 AND kind = 'recharge'`, [
      org.account.id,
    ])
    expect(entry).toEqual({ actor: 'job:recharge', description: 'Visa •••• 4242' })
  })

  it('at the threshold fires with at_or_below and not with below', async () => {
    await begin('100', { threshold: '20', size: '100' })
    await spend('80')
    await run()
    expect(await charged()).toEqual([])
    await mergeAccountPolicy(org.account.id, { recharge_trigger: 'at_or_below' })
    await run()
    expect(await charged()).toEqual([8000])
  })

  it('rounds up to the cent, and compares what is available rather than the balance', async () => {
    await begin('100', { threshold: '20', size: '100' })
    await spend('80.004')
    await run()
    expect(await charged()).toEqual([8001])
    expect((await books()).balance).toBe('100.006')
  })

  it('of a fixed amount is charged as often as it takes to land above the threshold, in one charge', async () => {
    const policy: PolicyOverride = { recharge_trigger: 'below', recharge_size: 'amount', credits_per_usd: '100' }
    await begin('2600', { threshold: '500', size: '2000' }, { policy })
    await spend('2101')
    await run()
    expect(await charged()).toEqual([2000])
    expect((await books()).balance).toBe('2499')
    await spend('6000')
    await run()
    expect(await charged()).toEqual([2000, 6000])
    expect((await books()).balance).toBe('2499')
  })

  it('is called for by the terms of the account exactly while it is armed', async () => {
    await begin('100', { threshold: '20', size: '100' })
    const calls = async (level: bigint) => isRechargeDue((await readTerms(org.account.id)).recharge, level as Amount)
    expect([await calls(19_000_000_000n), await calls(20_000_000_000n)]).toEqual([true, false])
    await spend('81')
    const opened = await inTransaction(async (tx) => decideCharge(tx, await current(), 'other', clock.now()))
    expect(opened.status).toBe('opened')
    expect(await calls(19_000_000_000n)).toBe(false)
    await followUpPayment(job, org.account.id, (await lastPayment()).id, clock)
    expect(await calls(19_000_000_000n)).toBe(true)
  })

  it('makes one charge when a hundred debits cross the threshold at once', async () => {
    const key = `gpu-${randomUUID()}`
    await definePrice({ key, name: 'GPU', unit: 'count' }, { model: 'per_unit', unit_price: '0.9' })
    await begin('100', { threshold: '20', size: '100' })
    await Promise.all(
      Array.from({ length: 100 }, async () => {
        await useMeter(org.account, clock.now(), [{ meter: key, quantity: '1' }])
        return run()
      }),
    )
    await run()
    // Whatever the order, a charge lands on 100 or below it by what is still to come: the hundred debits of 90 in all call for one.
    expect(await charged()).toHaveLength(1)
    expect((await books()).recharges).toHaveLength(1)
    expect(await attempts()).toBe(1)
  })

  it('makes one charge when its job runs twenty times at once', async () => {
    await begin('100', { threshold: '20', size: '100' })
    await spend('81')
    await Promise.all(Array.from({ length: 20 }, run))
    expect(await charged()).toEqual([8100])
    expect((await books()).balance).toBe('100')
  })

  it('is not run by a person', async () => {
    expect(await chargeWhatIsDue(org.owner, org.account.id, 'other', clock)).toEqual({
      ok: false,
      error: { code: 'forbidden' },
    })
  })
})

describe('the monthly cap', () => {
  const notices = async () => {
    const done = await run()
    if (!done.ok) throw new Error(done.error.code)
    return { notices: done.value.attempts.map(({ capNotices }) => capNotices), end: done.value.end }
  }

  it('lets a charge pass that is equal to it, tells at 80, 90 and 100 percent, and blocks the next until the month is over', async () => {
    await begin('100', { threshold: '20', size: '100', monthlyCap: '200' })
    await spend('100')
    expect(await notices()).toEqual({ notices: [[]], end: 'nothing' })
    await spend('100')
    expect(await notices()).toEqual({ notices: [[80, 90, 100]], end: 'nothing' })
    await spend('90')
    expect(await notices()).toEqual({ notices: [], end: 'blocked_by_cap' })
    expect((await readTerms(org.account.id)).recharge).toBeNull()
    expect(await chargeSource.nextDue(org.account.id)).toEqual(new Date('2026-12-01T00:00:00Z'))
    await chargeSource.work(job, org.account.id, new Date('2026-12-01T00:00:00Z'))
    expect(await charged()).toEqual([10000, 10000, 9000])
    expect(await chargeSource.nextDue(org.account.id)).toBeNull()
  })
})

describe('declines', () => {
  it('are tried again after 1, 3 and 7 hours, then suspend', async () => {
    await begin('100', { threshold: '20', size: '100' }, { card: 'chargeCustomerFail' })
    await spend('81')
    expect(await run()).toMatchObject({ value: { attempts: [{ status: 'failed' }], end: 'unsettled' } })
    for (const [tries, hours] of [1, 3, 7].entries()) {
      expect(await stateOf()).toMatchObject({ status: 'backing_off', declines: tries + 1, reason: 'declined' })
      const due = new Date(clock.now().getTime() + hours * HOUR_MS)
      expect(await chargeSource.nextDue(org.account.id)).toEqual(due)
      expect(await chargeSource.dueAccounts(new Date(due.getTime() - 1), 100)).not.toContain(org.account.id)
      expect(await chargeSource.dueAccounts(due, 100)).toContain(org.account.id)
      clock.advance(hours * HOUR_MS)
      await chargeSource.work(job, org.account.id, clock.now())
    }
    expect(await stateOf()).toMatchObject({ status: 'suspended', declines: 4, message: 'Your card was declined.' })
    expect(await attempts()).toBe(4)
    expect(await chargeSource.nextDue(org.account.id)).toBeNull()
    expect(await lastPayment()).toMatchObject({ status: 'failed', failureCode: 'generic_decline' })
  })

  it('make no further attempt before their time, whatever a thousand debits call for', async () => {
    await begin('2000', { threshold: '1900', size: '2000' }, { card: 'chargeCustomerFail' })
    await spend('101')
    await run()
    clock.advance(HOUR_MS - 1)
    for (let batch = 0; batch < 20; batch += 1) {
      await spend('1')
      await Promise.all(Array.from({ length: 50 }, run))
    }
    expect(await attempts()).toBe(1)
    clock.advance(1)
    await Promise.all(Array.from({ length: 20 }, run))
    expect(await attempts()).toBe(2)
  }, 60_000)

  it.each(['chargeDeclinedLostCard', 'chargeDeclinedStolenCard'])('of a card like %s suspend at once', async (card) => {
    await begin('100', { threshold: '20', size: '100' }, { card })
    await spend('81')
    await run()
    expect(await stateOf()).toMatchObject({ status: 'suspended', reason: 'hard_decline', declines: 1 })
  })

  it('end when a card with another number becomes the default, and not with the same one', async () => {
    await begin('100', { threshold: '20', size: '100' }, { card: 'chargeCustomerFail' })
    await spend('81')
    await run()
    const same = await saveTestCard(org.account.id, 'chargeCustomerFail')
    await chooseDefaultCard(org.owner, await current(), showId('crd', same.id), clock)
    expect(await stateOf()).toMatchObject({ status: 'backing_off' })
    const other = await saveTestCard(org.account.id, 'visa')
    await chooseDefaultCard(org.owner, await current(), showId('crd', other.id), clock)
    expect(await stateOf()).toMatchObject({ status: 'armed', declines: 0 })
    await run()
    expect(await charged()).toEqual([8100])
  })

  it('end when somebody buys credits by hand', async () => {
    await begin('100', { threshold: '20', size: '100' }, { card: 'chargeDeclinedLostCard' })
    await spend('81')
    await run()
    const input = { amount: '5', formToken: randomUUID(), saveCard: false }
    const started = await startPurchase(org.owner, await current(), input, 'http://localhost:3000', clock)
    if (!started.ok) throw new Error(started.error.code)
    const bought = await findPayment(org.account.id, started.value.paymentId)
    await sandbox.control.completeCheckout(bought?.checkoutSessionId ?? '', {})
    await followUpPayment(job, org.account.id, started.value.paymentId, clock)
    expect(await stateOf()).toMatchObject({ status: 'armed', declines: 0, reason: null })
  })

  it('end when a person says try again', async () => {
    await begin('100', { threshold: '20', size: '100' }, { card: 'chargeCustomerFail' })
    await spend('81')
    await run()
    await rearmRecharge(org.owner, await current(), clock)
    expect(await stateOf()).toMatchObject({ status: 'armed', declines: 0 })
    expect(await rearmRecharge(org.member, await current(), clock)).toEqual({ ok: false, error: { code: 'forbidden' } })
  })

  it('told first by the webhook are counted once', async () => {
    await begin('100', { threshold: '20', size: '100' }, { card: 'chargeCustomerFail' })
    await spend('81')
    await run()
    const { paymentIntentId } = await lastPayment()
    await Promise.all(Array.from({ length: 5 }, () => settlePayment(stripe, paymentIntentId ?? '', clock)))
    expect(await stateOf()).toMatchObject({ declines: 1, status: 'backing_off' })
  })
})

describe('Stripe that does not answer', () => {
  it('after having charged: the same key again, one charge, one credit, no decline', async () => {
    await begin('100', { threshold: '20', size: '100' })
    await spend('81')
    await sandbox.control.addFault({ endpoint: 'POST /v1/payment_intents', fault: 'drop_answer', times: 3 })
    expect(await run()).toEqual({ ok: false, error: { code: 'unavailable' } })
    expect(await stateOf()).toMatchObject({ status: 'charging', declines: 0 })
    expect(await run()).toMatchObject({ value: { end: 'waiting' } })
    await sandbox.control.clearFaults()
    const { id } = await lastPayment()
    expect(await followUpPayment(job, org.account.id, id, clock)).toEqual({
      ok: true,
      value: 'settled',
    })
    expect(await charged()).toEqual([8100])
    expect(await books()).toMatchObject({ balance: '100', recharges: ['81'] })
    expect(await stateOf()).toMatchObject({ status: 'armed' })
  })

  it('for a whole day: it is asked whether it charged, and the charge is credited once', async () => {
    await begin('100', { threshold: '20', size: '100' })
    await spend('81')
    await sandbox.control.addFault({ endpoint: 'POST /v1/payment_intents', fault: 'drop_answer', times: 3 })
    await run()
    await sandbox.control.clearFaults()
    const { id } = await lastPayment()
    const dayLater = { now: () => new Date(Date.now() + 24 * HOUR_MS) }
    expect(await followUpPayment(job, org.account.id, id, dayLater)).toEqual({ ok: true, value: 'settled' })
    expect(await charged()).toEqual([8100])
  })

  it('and never charged: a day later the attempt is given up, which is no decline, and a new one is made', async () => {
    await begin('100', { threshold: '20', size: '100' })
    await spend('81')
    await sandbox.control.addFault({ endpoint: 'POST /v1/payment_intents', fault: 'fail', times: 3 })
    expect(await run()).toEqual({ ok: false, error: { code: 'unavailable' } })
    const { id } = await lastPayment()
    const dayLater = { now: () => new Date(Date.now() + 24 * HOUR_MS) }
    expect(await followUpPayment(job, org.account.id, id, dayLater)).toEqual({ ok: true, value: 'cancelled' })
    expect(await stateOf()).toMatchObject({ status: 'armed', declines: 0 })
    await run()
    expect(await charged()).toEqual([8100])
  })

  it('keeps being asked while it is away, without the job dying', async () => {
    await begin('100', { threshold: '20', size: '100' })
    await spend('81')
    await sandbox.control.addFault({ endpoint: 'POST /v1/payment_intents', fault: 'fail', times: 30 })
    await run()
    const { id } = await lastPayment()
    expect(await followUpPayment(job, org.account.id, id, clock)).toEqual({
      ok: true,
      value: 'started',
    })
  })
})

describe('a worker that dies', () => {
  it('after it committed the attempt: after the restart one charge and one credit', async () => {
    await begin('100', { threshold: '20', size: '100' })
    await spend('81')
    await inTransaction(async (tx) => decideCharge(tx, await current(), 'other', clock.now()))
    expect(await charged()).toEqual([])
    const { id } = await lastPayment()
    await Promise.all([
      followUpPayment(job, org.account.id, id, clock),
      followUpPayment(job, org.account.id, id, clock),
      run(),
    ])
    await followUpPayment(job, org.account.id, id, clock)
    expect(await charged()).toEqual([8100])
    expect(await books()).toMatchObject({ balance: '100', recharges: ['81'] })
  })

  it('after Stripe charged and it wrote the intent down: the webhook credits, and the job finds it done', async () => {
    await begin('100', { threshold: '20', size: '100' })
    await spend('81')
    await sandbox.control.addFault({ endpoint: 'GET /v1/payment_intents/:id', fault: 'fail', times: 3 })
    expect(await run()).toEqual({ ok: false, error: { code: 'unavailable' } })
    const { id, paymentIntentId } = await lastPayment()
    await sandbox.control.clearFaults()
    await Promise.all([
      settlePayment(stripe, paymentIntentId ?? '', clock),
      settlePayment(stripe, paymentIntentId ?? '', clock),
      followUpPayment(job, org.account.id, id, clock),
    ])
    expect(await charged()).toEqual([8100])
    expect(await books()).toMatchObject({ balance: '100', recharges: ['81'] })
  })
})

describe('a worker that dies in the middle of a transaction', () => {
  /** Lets some work run into the wallet's lock and ends it there, as if its process had died. */
  async function dieWaiting(work: () => Promise<unknown>): Promise<void> {
    await inTransaction(async (tx) => {
      const name = { assetCode: 'credit', scale: CREDIT_SCALE, memberId: null }
      await lockBook(tx, org.account.id, name, clock.now())
      const dying = work().catch((error: Error) => error)
      await killWaiting(database.url)
      expect(await dying).toBeInstanceOf(Error)
    })
  }

  it('that decides: nothing is written, and the next one charges once', async () => {
    await begin('100', { threshold: '20', size: '100' })
    await spend('81')
    await dieWaiting(run)
    expect(await attempts()).toBe(0)
    await run()
    expect(await charged()).toEqual([8100])
    expect(await books()).toMatchObject({ balance: '100', recharges: ['81'] })
  })

  it('that credits: Stripe has charged, nothing is half-written, and the next one credits once', async () => {
    await begin('100', { threshold: '20', size: '100' })
    await spend('81')
    await inTransaction(async (tx) => decideCharge(tx, await current(), 'other', clock.now()))
    const { id } = await lastPayment()
    await dieWaiting(() => followUpPayment(job, org.account.id, id, clock))
    expect(await charged()).toEqual([8100])
    expect(await books()).toMatchObject({ balance: '19', recharges: [] })
    expect(await stateOf()).toMatchObject({ status: 'charging' })
    await followUpPayment(job, org.account.id, id, clock)
    expect(await charged()).toEqual([8100])
    expect(await books()).toMatchObject({ balance: '100', recharges: ['81'] })
  })
})

describe('while a charge is under way', () => {
  /** Commits an attempt, does something, and lets the attempt go on. */
  async function meanwhile(what: () => Promise<unknown>): Promise<void> {
    await spend('81')
    await inTransaction(async (tx) => decideCharge(tx, await current(), 'other', clock.now()))
    await what()
    await followUpPayment(job, org.account.id, (await lastPayment()).id, clock)
  }

  it('a changed threshold does not change it, and counts from then on', async () => {
    await begin('100', { threshold: '20', size: '100' })
    await meanwhile(() => setRecharge(org.owner, org.account, { threshold: '150', size: '300' }, clock))
    expect(await charged()).toEqual([8100])
    await run()
    expect(await charged()).toEqual([8100, 20000])
    expect((await books()).balance).toBe('300')
  })

  it('turning auto-recharge off does not take it back, and is the last one', async () => {
    await begin('100', { threshold: '20', size: '100' })
    await meanwhile(() => stopRecharge(org.owner, org.account, clock))
    await spend('81')
    await run()
    expect(await charged()).toEqual([8100])
  })

  it('a removed card ends it without a charge, turns auto-recharge off and says why', async () => {
    await begin('100', { threshold: '20', size: '100' })
    await meanwhile(async () => {
      const [row] = await query('SELECT id FROM card WHERE account_id = $1', [org.account.id])
      const removed = await removeCard(org.owner, await current(), showId('crd', row?.['id'] as string), clock)
      expect(removed).toEqual({ ok: true, value: { rechargeStopped: true } })
    })
    expect(await charged()).toEqual([])
    expect(await lastPayment()).toMatchObject({ status: 'failed', failureCode: 'refused' })
    expect(await stateOf()).toMatchObject({ status: 'suspended', reason: 'refused' })
    expect(await findRecharge(org.account.id)).toMatchObject({ enabled: false, disabledReason: 'card_removed' })
  })

  it('the database refuses a second open attempt, whoever would make it', async () => {
    await begin('100', { threshold: '20', size: '100' })
    await meanwhile(async () => {
      const copy = `INSERT INTO payment (account_id, id, kind, status, form_token, amount_cents, credits, asset_code, save_card, created_at,
          updated_at) SELECT account_id, gen_random_uuid(), 'settlement', 'started', 'second', 1, 1, asset_code, false, now(), now()
        FROM payment WHERE account_id = $1`
      await expect(query(copy, [org.account.id])).rejects.toThrow('payment_automatic_open')
    })
  })
})

describe('a bank that wants the person', () => {
  it('suspends, lets them confirm the very charge, credits it once and arms again', async () => {
    await begin('100', { threshold: '20', size: '100' }, { card: 'authenticationRequired' })
    await spend('81')
    await run()
    expect(await stateOf()).toMatchObject({ status: 'suspended', reason: 'requires_action', declines: 0 })
    const payment = await lastPayment()
    expect(payment).toMatchObject({ status: 'failed', failureCode: 'authentication_required' })

    const outsideId = showId('pay', payment.id)
    const origin = 'http://localhost:3000'
    expect(await confirmCharge(org.member, await current(), outsideId, origin, clock)).toMatchObject({ ok: false })
    const confirmed = await confirmCharge(org.owner, await current(), outsideId, origin, clock)
    expect(confirmed).toMatchObject({ ok: true, value: { nextUrl: expect.stringContaining('/3ds/') } })
    expect(await stateOf()).toMatchObject({ status: 'charging' })
    await sandbox.control.answerThreeDSecure(payment.paymentIntentId ?? '', 'complete')
    await settlePayment(stripe, payment.paymentIntentId ?? '', clock)
    expect(await charged()).toEqual([8100])
    expect(await books()).toMatchObject({ balance: '100', recharges: ['81'] })
    expect(await stateOf()).toMatchObject({ status: 'armed', reason: null })
    expect(await confirmCharge(org.owner, await current(), outsideId, origin, clock)).toMatchObject({
      error: { code: 'conflict' },
    })
  })

  it('and gets a no: that is a decline, counted once', async () => {
    await begin('100', { threshold: '20', size: '100' }, { card: 'authenticationRequired' })
    await spend('81')
    await run()
    const payment = await lastPayment()
    await confirmCharge(org.owner, await current(), showId('pay', payment.id), 'http://localhost:3000', clock)
    await sandbox.control.answerThreeDSecure(payment.paymentIntentId ?? '', 'fail')
    await settlePayment(stripe, payment.paymentIntentId ?? '', clock)
    await settlePayment(stripe, payment.paymentIntentId ?? '', clock)
    expect(await stateOf()).toMatchObject({ status: 'backing_off', declines: 1 })
    expect(await charged()).toEqual([])
  })
})

describe('setting auto-recharge', () => {
  const setting = { threshold: '20', size: '100' }

  it('needs a saved card, an owner or admin, and figures that can work', async () => {
    await mergeAccountPolicy(org.account.id, TARGET)
    expect(await setRecharge(org.member, await current(), setting, clock)).toEqual({
      ok: false,
      error: { code: 'forbidden' },
    })
    const other = await createOrganization()
    expect(await setRecharge(other.owner, await current(), setting, clock)).toEqual({
      ok: false,
      error: { code: 'forbidden' },
    })
    expect(await setRecharge(org.owner, await current(), setting, clock)).toMatchObject({
      error: { code: 'invalid_state' },
    })
    await saveTestCard(org.account.id)
    const refused = async (fields: object, path: string) =>
      expect(await setRecharge(org.owner, await current(), { ...setting, ...fields }, clock)).toMatchObject({
        error: { code: 'invalid_input', errors: [{ path }] },
      })
    await refused({ size: '20' }, 'size')
    await refused({ size: '24.99' }, 'size')
    await refused({ monthlyCap: '79.99' }, 'monthlyCap')
  })

  it('below the threshold says what is charged now and asks; saved twice at once it charges once', async () => {
    await mergeAccountPolicy(org.account.id, TARGET)
    await saveTestCard(org.account.id)
    await giveCredit(org.account.id, { amount: '19', at: clock.now() })
    const account = await current()
    expect(await setRecharge(org.owner, account, setting, clock)).toEqual({
      ok: true,
      value: { status: 'needs_confirmation', chargeNowUsd: '81' },
    })
    expect(await findRecharge(org.account.id)).toBeNull()
    const stale = await setRecharge(org.owner, account, { ...setting, confirmedCharge: '80.99' }, clock)
    expect(stale).toMatchObject({ value: { status: 'needs_confirmation' } })
    const confirmed = { ...setting, confirmedCharge: '81.00' }
    const saved = await Promise.all([1, 2].map(() => setRecharge(org.owner, account, confirmed, clock)))
    for (const each of saved) expect(each).toEqual({ ok: true, value: { status: 'saved', chargedNowUsd: '81' } })
    await Promise.all([run(), run()])
    expect(await charged()).toEqual([8100])
  })
})

describe('what people and the backend see of it', () => {
  const card = async (actor = org.owner) =>
    readRechargeCard(await readWallets(readerOf(await current(), actor)), org.account.id)
  const answer = async () => {
    const balance = await readBalance(KEY, org.account.externalId, clock)
    return balance.ok ? balance.value.recharge : balance.error
  }

  it('is what was set, and the bank’s refusal with what to do', async () => {
    expect([await card(), await answer()]).toEqual([{ status: 'off' }, { status: 'off', last_error: null }])
    await begin('100', { threshold: '20', size: '100', monthlyCap: '300' }, { card: 'chargeCustomerFail' })
    expect(await card()).toMatchObject({
      status: 'on',
      threshold: '20',
      trigger: 'below',
      size: { kind: 'target', to: '100' },
      monthlyCapUsd: '300',
      card: { brand: 'Visa', last4: '0341' },
      problem: null,
    })
    expect(await answer()).toEqual({ status: 'armed', last_error: null })
    await spend('81')
    await run()
    expect(await card()).toMatchObject({ status: 'paused', problem: expect.stringContaining('declined') })
    expect(await answer()).toEqual({ status: 'backing_off', last_error: 'Your card was declined.' })
  })
})

describe('under a test clock', () => {
  it('a balance that calls for a recharge is charged, and a back-off goes by, while the clock is moved', async () => {
    const start = clock.now()
    await begin('100', { threshold: '20', size: '100' }, { card: 'chargeCustomerFail' })
    await spend('81')
    const to = new Date(start.getTime() + 12 * HOUR_MS).toISOString()
    const moved = await advanceTestClock(KEY, org.account.externalId, { to }, clock)
    expect(moved).toEqual({ ok: true, value: { now: to } })
    const rows = await query('SELECT created_at FROM payment WHERE account_id = $1 ORDER BY created_at', [
      org.account.id,
    ])
    const hours = rows.map((row) => ((row['created_at'] as Date).getTime() - start.getTime()) / HOUR_MS)
    expect(hours).toEqual([0, 1, 4, 11])
    expect(await stateOf()).toMatchObject({ status: 'suspended', declines: 4 })
  })

  it('credit is dated by that clock', async () => {
    const start = clock.now()
    await begin('100', { threshold: '20', size: '100' })
    await spend('81')
    const to = new Date(start.getTime() + 1000).toISOString()
    await advanceTestClock(KEY, org.account.externalId, { to }, clock)
    const [entry] = await query(`SELECT occurred_at FROM entry WHERE account_id = $1 AND kind = 'recharge'`, [
      org.account.id,
    ])
    expect(entry?.['occurred_at']).toEqual(start)
    expect((await books()).balance).toBe('100')
  })
})
