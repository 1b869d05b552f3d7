import { randomUUID } from 'node:crypto'

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import { listCards } from '@/lib/db/cards'
import { findAccount } from '@/lib/db/organizations'
import { findPayment } from '@/lib/db/payments'
import { pool, query } from '@/lib/db/pool'
import { moveTestClock } from '@/lib/db/test-clock'
import { cents } from '@/lib/money/cents'
import { chargeSavedCard } from '@/lib/stripe/charge-saved-card'
import type { Notice } from '@/lib/stripe/events/notice'
import { refundPayment } from '@/lib/stripe/refund-payment'
import type { TestDatabase } from '@/lib/testing/database'
import { openTestDatabase } from '@/lib/testing/environment'
import { createOrganization, type TestOrganization } from '@/lib/testing/organization'
import { SANDBOX_KEYS, startSandboxProcess, type SandboxProcess } from '@/lib/testing/sandbox-process'

import { receiveStripeEvent } from './receive-stripe-event'
import { settlePayment } from './settle-payment'
import { paymentMetadata, startPurchase } from './start-purchase'
import { workStripeEvent } from './work-stripe-event'

const clock = { now: () => new Date() }
const stripe = { kind: 'stripe' } as const
const job = { kind: 'job', task: 'test' } as const

let sandbox: SandboxProcess
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
}, 60_000)

afterAll(async () => {
  await sandbox.stop()
  await database.drop()
})

beforeEach(async () => {
  org = await createOrganization()
})

/** A purchase of 25 dollars that was paid at the hosted page and that Purser has not heard of yet. */
async function paidPurchase() {
  const account = await findAccount(org.account.id)
  if (account === null) throw new Error('no account')
  const input = { amount: '25', formToken: randomUUID(), saveCard: true }
  const started = await startPurchase(org.owner, account, input, 'http://localhost:3000', clock)
  if (!started.ok) throw new Error(started.error.code)
  const payment = await findPayment(account.id, started.value.paymentId)
  if (payment === null) throw new Error('no payment')
  await sandbox.control.completeCheckout(payment.checkoutSessionId ?? '', {})
  const intents = await sandbox.control.objects('payment_intent')
  const intent = intents.find((each) => (each['metadata'] as Record<string, string>)['payment_id'] === payment.id)
  if (intent === undefined) throw new Error('no intent carries this payment')
  return { payment, intentId: intent.id }
}

async function purchases(): Promise<number> {
  const sql = `SELECT id FROM entry WHERE account_id = $1 AND kind = 'purchase'`
  return (await query(sql, [org.account.id])).length
}

/** Works on a notice as the inbox would. */
async function workOn(notice: Notice) {
  const id = `evt_${randomUUID()}`
  await receiveStripeEvent({ id, type: 'test', livemode: false, createdAt: new Date(), notice }, clock)
  return workStripeEvent(job, id, clock)
}

describe('settling a payment', () => {
  it('credits with the last free connection, since a transaction never waits for a second one', async () => {
    const { intentId } = await paidPurchase()
    const taken = await Promise.all(Array.from({ length: 7 }, () => pool().connect()))
    const settled = await settlePayment(stripe, intentId, clock).finally(() => {
      for (const client of taken) client.release()
    })
    expect(settled).toEqual({ ok: true, value: { status: 'credited' } })
  })

  it("dates what it credits by the account's own time, and what Stripe does by real time", async () => {
    const { payment, intentId } = await paidPurchase()
    const standing = new Date('2031-05-06T07:08:09Z')
    await moveTestClock(org.account.id, standing)
    await settlePayment(stripe, intentId, clock)
    const sql = `SELECT e.occurred_at, e.created_at, g.effective_at FROM entry e
      JOIN credit_grant g ON g.account_id = e.account_id AND g.id = e.grant_id WHERE e.account_id = $1`
    expect(await query(sql, [org.account.id])).toEqual([
      { occurred_at: standing, created_at: standing, effective_at: standing },
    ])
    const settled = await findPayment(org.account.id, payment.id)
    expect([settled?.settledAt, settled?.createdAt]).toEqual([standing, payment.createdAt])
  })

  it('parks a second payment of one purchase for a person to give back, and credits once', async () => {
    const { payment, intentId } = await paidPurchase()
    await settlePayment(stripe, intentId, clock)
    const [card] = await listCards(org.account.id)
    const account = await findAccount(org.account.id)
    const again = await chargeSavedCard({
      customerId: account?.stripeCustomerId ?? '',
      paymentMethodId: card?.stripePaymentMethodId ?? '',
      amountCents: payment.amountCents,
      description: 'Credits',
      metadata: paymentMetadata(payment),
      offSession: true,
      idempotencyKey: randomUUID(),
    })
    if (!again.ok) throw new Error(again.error.kind)
    const notice = { kind: 'payment_changed', paymentIntentId: again.value.payment.id } as const
    expect(await workOn(notice)).toMatchObject({ value: { status: 'parked' } })
    expect(await workOn({ ...notice, paymentIntentId: intentId })).toMatchObject({ value: { status: 'done' } })
    expect(await purchases()).toBe(1)
  })

  it('gives no credit for money that was given back before Purser heard of it', async () => {
    const { intentId } = await paidPurchase()
    await refundPayment({
      paymentIntentId: intentId,
      amountCents: cents(2500n),
      metadata: {},
      idempotencyKey: randomUUID(),
    })
    const worked = await workOn({ kind: 'payment_changed', paymentIntentId: intentId })
    expect(worked).toMatchObject({ value: { status: 'parked' } })
    expect(await purchases()).toBe(0)
  })

  it('parks what the ledger does not mirror yet: a refund and a dispute of credited money', async () => {
    const { intentId } = await paidPurchase()
    await settlePayment(stripe, intentId, clock)
    await refundPayment({
      paymentIntentId: intentId,
      amountCents: cents(500n),
      metadata: {},
      idempotencyKey: randomUUID(),
    })
    const refunded = { kind: 'charge_changed', paymentIntentId: intentId, chargeId: 'ch_1' } as const
    expect(await workOn(refunded)).toMatchObject({ value: { status: 'parked' } })
    const disputed = {
      kind: 'dispute_changed',
      disputeId: 'dp_1',
      chargeId: 'ch_1',
      paymentIntentId: intentId,
    } as const
    expect(await workOn(disputed)).toMatchObject({ value: { status: 'parked' } })
  })
})
