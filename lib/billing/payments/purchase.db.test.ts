import { randomUUID } from 'node:crypto'

import pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'

import { readBooks } from '@/lib/db/books'
import { listCards } from '@/lib/db/cards'
import { showId } from '@/lib/db/ids'
import { findAccount, mergeAccountPolicy, writeOperatorPolicy, type Account } from '@/lib/db/organizations'
import { findPayment } from '@/lib/db/payments'
import { inTransaction, query } from '@/lib/db/pool'
import { formatAmount } from '@/lib/money/amount'
import { findBreaches } from '@/lib/ledger/invariants'
import type { TestDatabase } from '@/lib/testing/database'
import { stripeClient } from '@/lib/stripe/client'
import { openTestDatabase } from '@/lib/testing/environment'
import { createOrganization, type TestOrganization } from '@/lib/testing/organization'
import type { SandboxControl, TypedCard } from '@/lib/testing/sandbox-control'
import { SANDBOX_KEYS, startSandboxProcess, type SandboxProcess } from '@/lib/testing/sandbox-process'

import { checkPayment, followUpPayment } from './check-payment'
import { openPayment } from './open-payment'
import { contractInput } from '../package-contract'
import { payWithCard } from './pay-with-card'
import { putContractTerms } from '../periods/put-contract-terms'
import { receiveStripeEvent } from './receive-stripe-event'
import { settlePayment } from './settle-payment'
import { startPurchase } from './start-purchase'
import { workStripeEvent } from './work-stripe-event'

const ORIGIN = 'http://localhost:3000'
const clock = { now: () => new Date() }
const stripe = { kind: 'stripe' } as const
const job = { kind: 'job', task: 'test' } as const

let sandbox: SandboxProcess
let control: SandboxControl
let database: TestDatabase
let org: TestOrganization

beforeAll(async () => {
  database = await openTestDatabase(async ({ url }) => {
    sandbox = await startSandboxProcess(url)
    return {
      STRIPE_API_BASE: sandbox.url,
      STRIPE_SECRET_KEY: SANDBOX_KEYS.secretKey,
      STRIPE_WEBHOOK_SECRET: SANDBOX_KEYS.webhookSecret,
    }
  })
  control = sandbox.control
  await writeOperatorPolicy({ purchase_expiry: { days: 365 } }, new Date())
}, 60_000)

afterAll(async () => {
  await sandbox.stop()
  await database.drop()
})

beforeEach(async () => {
  await control.clearFaults()
  org = await createOrganization()
})

/** Opens a Checkout for some dollars. */
async function buy(amount = '25', options: { formToken?: string; saveCard?: boolean } = {}) {
  const input = { amount, formToken: options.formToken ?? randomUUID(), saveCard: options.saveCard ?? false }
  const started = await startPurchase(org.owner, await current(), input, ORIGIN, clock)
  if (!started.ok) throw new Error(started.error.code)
  return started.value.paymentId
}

/** Pays at the hosted page and answers the intent. */
async function payAtCheckout(paymentId: string, card: TypedCard = {}): Promise<string> {
  const payment = await findPayment(org.account.id, paymentId)
  const step = await control.completeCheckout(payment?.checkoutSessionId ?? '', card)
  if (step.kind !== 'complete') throw new Error(step.kind)
  return intentOf(paymentId)
}

async function intentOf(paymentId: string): Promise<string> {
  const intents = await control.objects('payment_intent')
  const mine = intents.find((intent) => (intent['metadata'] as Record<string, string>)['payment_id'] === paymentId)
  if (mine === undefined) throw new Error('no intent carries this payment')
  return mine.id
}

async function chargesOf(paymentId: string): Promise<number> {
  const charges = await control.objects('charge')
  return charges.filter(
    (charge) => charge['paid'] === true && (charge['metadata'] as Record<string, string>)['payment_id'] === paymentId,
  ).length
}

async function current(): Promise<Account> {
  const account = await findAccount(org.account.id)
  if (account === null) throw new Error('no account')
  return account
}

/** The balance, and the purchases in the journal. Fails on a broken invariant. */
async function books() {
  const [book] = await readBooks(org.account.id)
  const purchases = await query(`SELECT id FROM entry WHERE account_id = $1 AND kind = 'purchase'`, [org.account.id])
  if (book !== undefined) expect(findBreaches(book, new Date())).toEqual([])
  const balance = book === undefined ? '0' : formatAmount(book.wallet.balance, book.wallet.scale)
  return { balance, purchases: purchases.length, book }
}

/** Saves a card by paying once with it. */
async function saveCard(card: TypedCard = {}): Promise<string> {
  const intent = await payAtCheckout(await buy('5', { saveCard: true }), card)
  await settlePayment(stripe, intent, clock)
  const [saved] = await listCards(org.account.id)
  if (saved === undefined) throw new Error('no card was saved')
  return showId('crd', saved.id)
}

describe('buying credits at Checkout', () => {
  it('adds exactly what was paid, as one purchase entry and a grant that lives one year', async () => {
    const intent = await payAtCheckout(await buy('25'))
    expect((await books()).purchases).toBe(0)
    expect(await settlePayment(stripe, intent, clock)).toEqual({ ok: true, value: { status: 'credited' } })
    const { balance, purchases, book } = await books()
    expect({ balance, purchases }).toEqual({ balance: '25', purchases: 1 })
    const [grant] = book?.grants ?? []
    expect(grant?.costBasisCents).toBe(2500n)
    expect((grant?.expiresAt?.getTime() ?? 0) - (grant?.effectiveAt.getTime() ?? 0)).toBe(365 * 86_400_000)
  })

  it('credits once when webhook, return page and follow-up job come at the same moment', async () => {
    const paymentId = await buy('25')
    const intent = await payAtCheckout(paymentId)
    await Promise.all([
      ...Array.from({ length: 6 }, () => settlePayment(stripe, intent, clock)),
      ...Array.from({ length: 3 }, () => checkPayment(stripe, org.account.id, paymentId, clock)),
      followUpPayment(job, org.account.id, paymentId, clock),
    ])
    expect(await books()).toMatchObject({ balance: '25', purchases: 1 })
  })

  it('credits once when the webhook comes twice, and stores the event once', async () => {
    const intent = await payAtCheckout(await buy('25'))
    const event = {
      id: `evt_${randomUUID()}`,
      type: 'payment_intent.succeeded',
      livemode: false,
      createdAt: new Date(),
      notice: { kind: 'payment_changed', paymentIntentId: intent },
    } as const
    expect(await receiveStripeEvent(event, clock)).toEqual({ id: event.id, stored: 'new' })
    expect(await receiveStripeEvent(event, clock)).toEqual({ id: event.id, stored: 'known' })
    await Promise.all([workStripeEvent(job, event.id, clock), workStripeEvent(job, event.id, clock)])
    expect(await workStripeEvent(job, event.id, clock)).toMatchObject({ value: { outcome: 'worked before' } })
    expect(await books()).toMatchObject({ balance: '25', purchases: 1 })
  })

  it('finds a payment whose webhook was lost', async () => {
    const paymentId = await buy('40')
    await payAtCheckout(paymentId)
    expect(await followUpPayment(job, org.account.id, paymentId, clock)).toEqual({ ok: true, value: 'settled' })
    expect(await books()).toMatchObject({ balance: '40', purchases: 1 })
  })

  it('looks again later while nobody has paid, and gives up after the Checkout has expired', async () => {
    const paymentId = await buy('40')
    expect(await followUpPayment(job, org.account.id, paymentId, clock)).toEqual({
      ok: true,
      value: 'awaiting_payment',
    })
    const late = { now: () => new Date(Date.now() + 27 * 3_600_000) }
    expect(await followUpPayment(job, org.account.id, paymentId, late)).toEqual({ ok: true, value: 'cancelled' })
    expect((await books()).purchases).toBe(0)
  })

  it('opens one Checkout for a form that was sent five times at once', async () => {
    const formToken = randomUUID()
    const ids = await Promise.all(Array.from({ length: 5 }, () => buy('25', { formToken })))
    expect(new Set(ids).size).toBe(1)
    const sessions = await control.objects('checkout_session')
    const mine = sessions.filter((session) => (session['metadata'] as Record<string, string>)['payment_id'] === ids[0])
    expect(mine).toHaveLength(1)
  })

  it('refuses a form that was sent before with another amount', async () => {
    const formToken = randomUUID()
    await buy('25', { formToken })
    const again = await startPurchase(
      org.owner,
      await current(),
      { amount: '50', formToken, saveCard: false },
      ORIGIN,
      clock,
    )
    expect(again).toMatchObject({ ok: false, error: { code: 'conflict' } })
  })

  it('lets a declined card be replaced at Checkout and credits only the one that paid', async () => {
    const paymentId = await buy('25')
    const payment = await findPayment(org.account.id, paymentId)
    const sessionId = payment?.checkoutSessionId ?? ''
    const declined = await control.completeCheckout(sessionId, { number: '4000000000009995' })
    expect(declined.kind).toBe('declined')
    await settlePayment(stripe, await intentOf(paymentId), clock)
    expect((await findPayment(org.account.id, paymentId))?.status).toBe('awaiting_payment')
    await settlePayment(stripe, await payAtCheckout(paymentId), clock)
    expect(await books()).toMatchObject({ balance: '25', purchases: 1 })
  })

  it('refuses a form that a dead process left unanswered a day ago: Stripe has forgotten its key', async () => {
    const formToken = randomUUID()
    const order = { amountUsd: '25', formToken, saveCard: false, cardId: null, userId: org.owner.userId }
    await openPayment(org.account, order, { now: () => new Date(Date.now() - 24 * 3_600_000) })
    const again = await startPurchase(
      org.owner,
      await current(),
      { amount: '25', formToken, saveCard: false },
      ORIGIN,
      clock,
    )
    expect(again).toMatchObject({ ok: false, error: { code: 'conflict' } })
  })

  it('refuses an amount below the minimum by naming the field', async () => {
    const input = { amount: '4.99', formToken: randomUUID(), saveCard: false }
    expect(await startPurchase(org.owner, org.account, input, ORIGIN, clock)).toMatchObject({
      error: { code: 'invalid_input', errors: [{ path: 'amount', message: 'The smallest purchase is $5.' }] },
    })
  })

  it('that expire with the contract is refused without one, and lasts exactly until its end with one', async () => {
    await mergeAccountPolicy(org.account.id, { purchase_expiry: 'contract_end' })
    const input = { amount: '25', formToken: randomUUID(), saveCard: false }
    expect(await startPurchase(org.owner, await current(), input, ORIGIN, clock)).toMatchObject({
      error: { code: 'invalid_state', message: expect.stringContaining('Ask your account executive') as unknown },
    })
    const year = new Date().getUTCFullYear()
    const days = { starts_on: `${year}-01-01`, ends_on: `${year + 1}-12-31` }
    const contract = contractInput.parse({ ...days, package: { asset: 'credit', amount: '1' } })
    const key = { kind: 'key', keyId: 'of a test', mode: 'test' } as const
    await putContractTerms(key, org.account.externalId, contract, clock)
    const intent = await payAtCheckout(await buy('25'))
    expect(await settlePayment(stripe, intent, clock)).toEqual({ ok: true, value: { status: 'credited' } })
    const bought = (await books()).book?.grants.find(({ source }) => source === 'purchase')
    expect(bought?.expiresAt?.toISOString()).toBe(`${year + 2}-01-01T00:00:00.000Z`)
  })

  it('refuses a member who posts the form of an owner', async () => {
    const input = { amount: '25', formToken: randomUUID(), saveCard: false }
    expect(await startPurchase(org.member, org.account, input, ORIGIN, clock)).toEqual({
      ok: false,
      error: { code: 'forbidden' },
    })
    const other = await createOrganization()
    expect(await startPurchase(other.owner, org.account, input, ORIGIN, clock)).toEqual({
      ok: false,
      error: { code: 'forbidden' },
    })
  })

  it('parks a payment that names another account or is worth less than its credits, and credits nothing', async () => {
    const paymentId = await buy('25')
    const intent = await payAtCheckout(paymentId)
    await query(`UPDATE payment SET amount_cents = 9900 WHERE account_id = $1 AND id = $2`, [org.account.id, paymentId])
    expect(await settlePayment(stripe, intent, clock)).toEqual({
      ok: true,
      value: { status: 'refused', reason: 'Less was received than the credits cost.' },
    })
    await query(`UPDATE billing_account SET stripe_customer_id = $2 WHERE id = $1`, [
      org.account.id,
      `cus_${randomUUID()}`,
    ])
    expect(await settlePayment(stripe, intent, clock)).toMatchObject({ value: { status: 'refused' } })
    expect((await books()).purchases).toBe(0)
  })
})

describe('buying credits with a saved card', () => {
  const order = (cardId: string, formToken = randomUUID()) => ({ amount: '20', formToken, cardId })

  it('charges the card once and credits once, however often the form is sent', async () => {
    const cardId = await saveCard()
    const input = order(cardId)
    const account = await current()
    const attempts = await Promise.all(
      Array.from({ length: 5 }, () => payWithCard(org.owner, account, input, ORIGIN, clock)),
    )
    const paid = attempts.find((attempt) => attempt.ok)
    if (paid?.ok !== true) throw new Error('nobody paid')
    await payWithCard(org.owner, account, input, ORIGIN, clock)
    expect(await chargesOf(paid.value.paymentId)).toBe(1)
    expect(await books()).toMatchObject({ balance: '25', purchases: 2 })
  })

  it('says why a card was declined, and credits nothing', async () => {
    // Stripe's card that can be kept but never charged: saved here as it would be from an earlier day.
    await query(
      `INSERT INTO card (account_id, id, stripe_payment_method_id, brand, last4, exp_month, exp_year, is_default, created_at)
       VALUES ($1, $2, 'pm_card_chargeCustomerFail', 'visa', '0341', 12, 2034, true, now())`,
      [org.account.id, randomUUID()],
    )
    const [card] = await listCards(org.account.id)
    await buy('5')
    const paid = await payWithCard(org.owner, await current(), order(showId('crd', card?.id ?? '')), ORIGIN, clock)
    if (!paid.ok) throw new Error(paid.error.code)
    const payment = await findPayment(org.account.id, paid.value.paymentId)
    expect(payment).toMatchObject({ status: 'failed', failureCode: 'generic_decline', entryId: null })
    expect((await books()).purchases).toBe(0)
  })

  it('makes one charge and one credit when Stripe charges and its answer never arrives', async () => {
    const cardId = await saveCard()
    const input = order(cardId)
    await control.addFault({ endpoint: 'POST /v1/payment_intents', fault: 'drop_answer', times: 3 })
    const lost = await payWithCard(org.owner, await current(), input, ORIGIN, clock)
    expect(lost).toEqual({ ok: false, error: { code: 'unavailable' } })
    expect((await books()).balance).toBe('5')
    await control.clearFaults()
    const again = await payWithCard(org.owner, await current(), input, ORIGIN, clock)
    if (!again.ok) throw new Error(again.error.code)
    expect(await chargesOf(again.value.paymentId)).toBe(1)
    expect(await books()).toMatchObject({ balance: '25', purchases: 2 })
  })

  it('finds the charge of a process that died before it could write down the intent', async () => {
    const cardId = await saveCard()
    const input = order(cardId)
    await control.addFault({ endpoint: 'POST /v1/payment_intents', fault: 'drop_answer', times: 3 })
    await payWithCard(org.owner, await current(), input, ORIGIN, clock)
    await control.clearFaults()
    const [row] = await query(`SELECT id FROM payment WHERE account_id = $1 AND form_token = $2`, [
      org.account.id,
      input.formToken,
    ])
    const paymentId = row?.['id'] as string
    expect(await followUpPayment(job, org.account.id, paymentId, clock)).toEqual({ ok: true, value: 'settled' })
    expect(await books()).toMatchObject({ balance: '25', purchases: 2 })
  })

  it('sends the person to their bank when it asks, and credits after they have confirmed', async () => {
    const cardId = await saveCard({ number: '4000002760003184' })
    const paid = await payWithCard(org.owner, await current(), order(cardId), ORIGIN, clock)
    if (!paid.ok) throw new Error(paid.error.code)
    expect(paid.value.nextUrl).toMatch(/^http:\/\/127\.0\.0\.1/)
    expect((await books()).balance).toBe('5')
    await control.answerThreeDSecure(await intentOf(paid.value.paymentId), 'complete')
    await checkPayment(stripe, org.account.id, paid.value.paymentId, clock)
    expect(await books()).toMatchObject({ balance: '25', purchases: 2 })
  })

  it('refuses a card of another organization as if it did not exist', async () => {
    const cardId = await saveCard()
    const other = await createOrganization()
    expect(await payWithCard(other.owner, other.account, order(cardId), ORIGIN, clock)).toEqual({
      ok: false,
      error: { code: 'not_found', what: 'card' },
    })
  })

  it('refuses a member', async () => {
    const cardId = await saveCard()
    expect(await payWithCard(org.member, await current(), order(cardId), ORIGIN, clock)).toMatchObject({
      error: { code: 'forbidden' },
    })
  })
})

describe('a process that dies', () => {
  it('after it committed the attempt: the same form, sent again, goes on to the same Checkout', async () => {
    const formToken = randomUUID()
    const order = { amountUsd: '25', formToken, saveCard: false, cardId: null, userId: org.owner.userId }
    const opened = await openPayment(org.account, order, { now: () => new Date(Date.now() - 60_000) })
    if (!opened.ok) throw new Error(opened.error.code)
    const paymentId = await buy('25', { formToken })
    expect(paymentId).toBe(opened.value.id)
    await settlePayment(stripe, await payAtCheckout(paymentId), clock)
    expect(await books()).toMatchObject({ balance: '25', purchases: 1 })
  })

  it('after Stripe opened a Checkout that it could not write down: the same form leads to that very Checkout', async () => {
    const formToken = randomUUID()
    const paymentId = await buy('25', { formToken })
    const first = await findPayment(org.account.id, paymentId)
    await query(
      `UPDATE payment SET status = 'started', checkout_session_id = NULL, checkout_url = NULL, created_at = $3
       WHERE account_id = $1 AND id = $2`,
      [org.account.id, paymentId, new Date(Date.now() - 60_000)],
    )
    await buy('25', { formToken })
    expect((await findPayment(org.account.id, paymentId))?.checkoutSessionId).toBe(first?.checkoutSessionId)
  })

  it('in the middle of crediting: nothing is half-written, and the next one who comes credits once', async () => {
    await settlePayment(stripe, await payAtCheckout(await buy('5')), clock)
    const paymentId = await buy('25')
    const intent = await payAtCheckout(paymentId)
    const killer = new pg.Client(database.url)
    await killer.connect()
    const death = await inTransaction(async (tx) => {
      await tx.query('SELECT id FROM wallet WHERE account_id = $1 FOR UPDATE', [org.account.id])
      const victim = settlePayment(stripe, intent, clock).catch((error: Error) => error)
      await vi.waitFor(async () => {
        const killed = await killer.query(
          `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
           WHERE wait_event_type = 'Lock' AND datname = current_database() AND query LIKE '%FROM wallet%FOR UPDATE%'`,
        )
        expect(killed.rowCount).toBeGreaterThan(0)
      }, 10_000)
      return victim
    })
    await killer.end()
    expect(death).toBeInstanceOf(Error)
    expect(await books()).toMatchObject({ balance: '5', purchases: 1 })
    expect((await findPayment(org.account.id, paymentId))?.status).toBe('awaiting_payment')
    await settlePayment(stripe, intent, clock)
    expect(await books()).toMatchObject({ balance: '30', purchases: 2 })
  })
})

describe('what is not ours', () => {
  it('leaves a payment alone that names nothing of Purser', async () => {
    expect(await settlePayment(stripe, await strangerIntent(), clock)).toEqual({
      ok: true,
      value: { status: 'foreign' },
    })
  })

  it('stays settled when Stripe later speaks of an earlier failure', async () => {
    const paymentId = await buy('25')
    const intent = await payAtCheckout(paymentId)
    await settlePayment(stripe, intent, clock)
    expect(await settlePayment(stripe, intent, clock)).toEqual({ ok: true, value: { status: 'already_credited' } })
    expect((await findPayment(org.account.id, paymentId))?.status).toBe('settled')
  })
})

async function strangerIntent(): Promise<string> {
  const intent = await stripeClient().paymentIntents.create({ amount: 500, currency: 'usd' })
  return intent.id
}
