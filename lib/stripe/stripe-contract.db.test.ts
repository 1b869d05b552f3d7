/**
 * What Purser relies on Stripe for. Runs against the sandbox, or against Stripe's test mode when STRIPE_CONTRACT_KEY
 * holds a test key: the same file, so the sandbox cannot drift from Stripe unnoticed.
 */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { cents } from '@/lib/money/cents'
import { createTestDatabase } from '@/lib/testing/database'
import { SANDBOX_KEYS, startSandboxProcess } from '@/lib/testing/sandbox-process'
import { chargeSavedCard } from './charge-saved-card'
import { createCustomer } from './create-customer'
import { createPurchaseCheckout } from './create-purchase-checkout'
import { createSetupCheckout } from './create-setup-checkout'
import { detachCard } from './detach-card'
import { expireCheckoutSession } from './expire-checkout-session'
import type { PaymentFacts } from './facts'
import { listCards } from './list-cards'
import { listPaymentsSince } from './list-payments-since'
import { readCard } from './read-card'
import { readCheckoutSession } from './read-checkout-session'
import { readPayment } from './read-payment'
import { readSetupIntent } from './read-setup-intent'
import { refundPayment } from './refund-payment'
import { setDefaultCard } from './set-default-card'

const target = vi.hoisted(() => ({
  STRIPE_SECRET_KEY: '',
  STRIPE_WEBHOOK_SECRET: 'whsec_contract',
  STRIPE_API_BASE: undefined as string | undefined,
}))
vi.mock('@/lib/env', () => ({ env: () => target }))

const contractKey = (import.meta as ImportMeta & { env: Record<string, string | undefined> }).env['STRIPE_CONTRACT_KEY']
const releases: (() => Promise<unknown>)[] = []

beforeAll(async () => {
  if (contractKey !== undefined && contractKey !== '') {
    target.STRIPE_SECRET_KEY = contractKey
    return
  }
  const database = await createTestDatabase()
  const sandbox = await startSandboxProcess(database.url)
  releases.push(() => sandbox.stop(), database.drop)
  target.STRIPE_SECRET_KEY = SANDBOX_KEYS.secretKey
  target.STRIPE_API_BASE = sandbox.url
})

afterAll(async () => {
  for (const release of releases) await release()
})

/** A request past the adapter, for what only the customer's browser does in the product. */
async function form(path: string, fields: Record<string, string>): Promise<Record<string, unknown>> {
  const answer = await fetch(`${target.STRIPE_API_BASE ?? 'https://api.stripe.com'}/v1/${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${target.STRIPE_SECRET_KEY}`, 'stripe-version': '2026-10-28.endive' },
    body: new URLSearchParams(fields),
  })
  return (await answer.json()) as Record<string, unknown>
}

async function newCustomer(): Promise<string> {
  const created = await createCustomer({
    accountId: 'org_contract',
    name: 'Contract tests',
    email: 'contract@example.com',
    idempotencyKey: randomUUID(),
  })
  if (!created.ok) throw new Error(JSON.stringify(created.error))
  return created.value
}

async function customerWithCard(card: string): Promise<{ customerId: string; paymentMethodId: string }> {
  const customerId = await newCustomer()
  const method = await form(`payment_methods/${card}/attach`, { customer: customerId })
  return { customerId, paymentMethodId: String(method['id']) }
}

function charge(
  card: { customerId: string; paymentMethodId: string },
  more: Partial<Parameters<typeof chargeSavedCard>[0]> = {},
) {
  return chargeSavedCard({
    ...card,
    amountCents: cents(2500n),
    description: 'Credits',
    metadata: { purser_attempt: 'att_1' },
    offSession: true,
    idempotencyKey: randomUUID(),
    ...more,
  })
}

async function paid(card: { customerId: string; paymentMethodId: string }): Promise<PaymentFacts> {
  const charged = await charge(card)
  if (!charged.ok) throw new Error(JSON.stringify(charged.error))
  return charged.value.payment
}

describe('a customer', () => {
  it('is created once per key', async () => {
    const input = { accountId: 'org_1', name: 'Acme', email: null, idempotencyKey: randomUUID() }
    const first = await createCustomer(input)
    expect(first).toEqual({ ok: true, value: expect.stringMatching(/^cus_/) as string })
    expect(await createCustomer(input)).toEqual(first)
  })

  it('lists the saved cards, newest first, and keeps one as default', async () => {
    const { customerId, paymentMethodId } = await customerWithCard('pm_card_visa')
    const second = await form('payment_methods/pm_card_mastercard/attach', { customer: customerId })
    const cards = await listCards(customerId)
    expect(cards).toMatchObject({
      ok: true,
      value: [
        { paymentMethodId: second['id'], brand: 'mastercard', last4: '4444' },
        { paymentMethodId, brand: 'visa', last4: '4242', expMonth: expect.any(Number) as number },
      ],
    })
    expect(await setDefaultCard(customerId, paymentMethodId)).toEqual({ ok: true, value: null })
  })

  it('cannot have a default card that is not its own', async () => {
    const { paymentMethodId } = await customerWithCard('pm_card_visa')
    const refused = await setDefaultCard(await newCustomer(), paymentMethodId)
    expect(refused).toMatchObject({ ok: false, error: { kind: 'rejected' } })
  })

  it('loses a card when it is detached, and a second time is refused', async () => {
    const { customerId, paymentMethodId } = await customerWithCard('pm_card_visa')
    expect(await readCard(paymentMethodId)).toMatchObject({ ok: true, value: { customerId, last4: '4242' } })
    expect(await detachCard(paymentMethodId)).toEqual({ ok: true, value: null })
    expect(await listCards(customerId)).toEqual({ ok: true, value: [] })
    expect(await readCard(paymentMethodId)).toMatchObject({ ok: true, value: { customerId: null } })
    expect(await detachCard(paymentMethodId)).toMatchObject({ ok: false, error: { kind: 'rejected' } })
  })

  it('has the same fingerprint for the same number, and another for another', async () => {
    const one = await readCard((await customerWithCard('pm_card_visa')).paymentMethodId)
    const same = await readCard((await customerWithCard('pm_card_visa')).paymentMethodId)
    const other = await readCard((await customerWithCard('pm_card_mastercard')).paymentMethodId)
    const print = (read: typeof one) => (read.ok ? read.value?.fingerprint : undefined)
    expect(print(one)).toEqual(expect.any(String))
    expect(print(one)).toBe(print(same))
    expect(print(one)).not.toBe(print(other))
  })
})

describe('a purchase on the hosted page', () => {
  const purchase = (customerId: string, idempotencyKey: string, amount = 2500n) =>
    createPurchaseCheckout({
      customerId,
      amountCents: cents(amount),
      description: '$25.00 in credits',
      metadata: { purser_attempt: 'att_1' },
      successUrl: 'http://localhost:3000/done?session={CHECKOUT_SESSION_ID}',
      cancelUrl: 'http://localhost:3000/buy',
      saveCard: true,
      idempotencyKey,
    })

  it('opens unpaid, with its amount and metadata, and expires on demand', async () => {
    const opened = await purchase(await newCustomer(), randomUUID())
    if (!opened.ok) throw new Error(JSON.stringify(opened.error))
    const { sessionId, url } = opened.value
    const open = {
      id: sessionId,
      mode: 'payment',
      status: 'open',
      paymentStatus: 'unpaid',
      paymentIntentId: null,
      setupIntentId: null,
      subtotalCents: 2500n,
      totalCents: 2500n,
      taxCents: 0n,
      metadata: { purser_attempt: 'att_1' },
      url,
    }
    expect(await readCheckoutSession(sessionId)).toEqual({ ok: true, value: open })
    expect(await expireCheckoutSession(sessionId)).toMatchObject({ ok: true, value: { status: 'expired', url: null } })
    expect(await expireCheckoutSession(sessionId)).toMatchObject({ ok: false, error: { kind: 'rejected' } })
  })

  it('opens once per key, and the key is refused for another amount', async () => {
    const customerId = await newCustomer()
    const key = randomUUID()
    const first = await purchase(customerId, key)
    expect(await purchase(customerId, key)).toEqual(first)
    expect(await purchase(customerId, key, 2600n)).toMatchObject({ ok: false, error: { kind: 'rejected' } })
  })

  it('is refused for an unknown customer', async () => {
    expect(await purchase('cus_unknown', randomUUID())).toMatchObject({
      ok: false,
      error: { kind: 'rejected', code: 'resource_missing' },
    })
  })
})

describe('saving a card', () => {
  it('opens a hosted page that charges nothing', async () => {
    const opened = await createSetupCheckout({
      customerId: await newCustomer(),
      metadata: { purser_account: 'org_1' },
      successUrl: 'http://localhost:3000/cards',
      cancelUrl: 'http://localhost:3000/cards',
      idempotencyKey: randomUUID(),
    })
    if (!opened.ok) throw new Error(JSON.stringify(opened.error))
    expect(await readCheckoutSession(opened.value.sessionId)).toMatchObject({
      ok: true,
      value: { mode: 'setup', status: 'open', paymentStatus: 'no_payment_required', totalCents: null, taxCents: null },
    })
  })

  it('ends with a setup intent that names the card', async () => {
    const customerId = await newCustomer()
    const intent = await form('setup_intents', {
      customer: customerId,
      confirm: 'true',
      payment_method: 'pm_card_visa',
      'allowed_payment_method_types[]': 'card',
      'metadata[purser_account]': 'org_1',
    })
    const read = await readSetupIntent(String(intent['id']))
    expect(read).toMatchObject({
      ok: true,
      value: { status: 'succeeded', customerId, metadata: { purser_account: 'org_1' }, failure: null },
    })
    const cards = await listCards(customerId)
    expect(cards.ok && read.ok && cards.value[0]?.paymentMethodId).toBe(read.ok && read.value.paymentMethodId)
  })
})

describe('charging a saved card', () => {
  it('takes the money and says with which card', async () => {
    const card = await customerWithCard('pm_card_visa')
    const payment = await paid(card)
    expect(payment).toMatchObject({
      status: 'succeeded',
      amountCents: 2500n,
      amountReceivedCents: 2500n,
      amountRefundedCents: 0n,
      currency: 'usd',
      metadata: { purser_attempt: 'att_1' },
      customerId: card.customerId,
      card: { paymentMethodId: card.paymentMethodId, brand: 'visa', last4: '4242' },
      failure: null,
    })
    expect(payment.receiptUrl).toMatch(/^https?:\/\//)
    expect(await readPayment(payment.id)).toEqual({ ok: true, value: payment })
  })

  it('charges once per key, and refuses the key for another amount', async () => {
    const card = await customerWithCard('pm_card_visa')
    const idempotencyKey = randomUUID()
    const first = await charge(card, { idempotencyKey })
    expect(first).toMatchObject({ ok: true })
    expect(await charge(card, { idempotencyKey })).toEqual(first)
    const other = await charge(card, { idempotencyKey, amountCents: cents(2600n) })
    expect(other).toMatchObject({ ok: false, error: { kind: 'rejected' } })
  })

  it.each([
    ['pm_card_visa_chargeDeclined', 'card_declined', 'generic_decline'],
    ['pm_card_visa_chargeDeclinedInsufficientFunds', 'card_declined', 'insufficient_funds'],
    ['pm_card_visa_chargeDeclinedLostCard', 'card_declined', 'lost_card'],
    ['pm_card_visa_chargeDeclinedStolenCard', 'card_declined', 'stolen_card'],
  ])('with %s is declined with the reason of the bank', async (paymentMethodId, code, declineCode) => {
    const customerId = await newCustomer()
    const declined = await charge(
      { customerId, paymentMethodId },
      { offSession: false, returnUrl: 'http://localhost:3000/' },
    )
    expect(declined).toMatchObject({ ok: false, error: { kind: 'declined', code, declineCode } })
  })

  it.each([
    ['pm_card_chargeDeclinedExpiredCard', 'expired_card'],
    ['pm_card_chargeDeclinedIncorrectCvc', 'incorrect_cvc'],
    ['pm_card_chargeDeclinedProcessingError', 'processing_error'],
  ])('with %s is declined with %s', async (paymentMethodId, code) => {
    const customerId = await newCustomer()
    const declined = await charge(
      { customerId, paymentMethodId },
      { offSession: false, returnUrl: 'http://localhost:3000/' },
    )
    expect(declined).toMatchObject({ ok: false, error: { kind: 'declined', code } })
  })

  it('leaves a declined payment readable, with the reason, and the decline is the answer to its key', async () => {
    const card = await customerWithCard('pm_card_chargeCustomerFail')
    const idempotencyKey = randomUUID()
    const declined = await charge(card, { idempotencyKey })
    if (declined.ok || declined.error.kind !== 'declined') throw new Error('the card must be declined')
    expect(await charge(card, { idempotencyKey })).toEqual(declined)
    expect(await readPayment(declined.error.paymentIntentId ?? '')).toMatchObject({
      ok: true,
      value: {
        status: 'requires_payment_method',
        amountReceivedCents: 0n,
        failure: { code: 'card_declined' },
        card: { last4: '0341' },
      },
    })
  })

  it('without the customer fails with requires_action when the bank wants the customer', async () => {
    const card = await customerWithCard('pm_card_authenticationRequired')
    const charged = await charge(card)
    if (charged.ok || charged.error.kind !== 'requires_action') throw new Error('the bank must ask for the customer')
    expect(await readPayment(charged.error.paymentIntentId ?? '')).toMatchObject({
      ok: true,
      value: { status: 'requires_payment_method', failure: { code: 'authentication_required' } },
    })
  })

  it('with the customer leads to a page when the bank asks, and takes nothing before', async () => {
    const card = await customerWithCard('pm_card_authenticationRequired')
    const charged = await charge(card, { offSession: false, returnUrl: 'http://localhost:3000/return' })
    expect(charged).toMatchObject({
      ok: true,
      value: {
        payment: { status: 'requires_action', amountReceivedCents: 0n },
        nextActionUrl: expect.stringMatching(/^https?:\/\//) as string,
      },
    })
  })

  it('is refused with a card of somebody else', async () => {
    const { paymentMethodId } = await customerWithCard('pm_card_visa')
    const charged = await charge({ customerId: await newCustomer(), paymentMethodId })
    expect(charged).toMatchObject({ ok: false, error: { kind: 'rejected' } })
  })

  it('is refused below the smallest amount', async () => {
    const charged = await charge(await customerWithCard('pm_card_visa'), { amountCents: cents(49n) })
    expect(charged).toMatchObject({ ok: false, error: { kind: 'rejected', code: 'amount_too_small' } })
  })
})

describe('payments', () => {
  it('are listed from an instant on, each once', async () => {
    const card = await customerWithCard('pm_card_visa')
    const since = new Date(Date.now() - 5000)
    const mine = [await paid(card), await paid(card), await paid(card)]
    const seen: string[] = []
    for await (const payment of listPaymentsSince(since)) {
      if (!payment.ok) throw new Error(JSON.stringify(payment.error))
      expect(payment.value.createdAt.getTime()).toBeGreaterThanOrEqual(since.getTime() - 1000)
      if (payment.value.customerId === card.customerId) seen.push(payment.value.id)
    }
    expect(seen.sort()).toEqual(mine.map((payment) => payment.id).sort())
  })

  it('are refunded in parts, which add up, and never beyond what was paid', async () => {
    const payment = await paid(await customerWithCard('pm_card_visa'))
    const refund = (amount: bigint, idempotencyKey: string = randomUUID()) =>
      refundPayment({ paymentIntentId: payment.id, amountCents: cents(amount), metadata: {}, idempotencyKey })
    const key = randomUUID()
    const first = await refund(1000n, key)
    expect(first).toMatchObject({ ok: true })
    expect(await refund(1000n, key)).toEqual(first)
    expect(await refund(500n)).toMatchObject({ ok: true })
    expect(await readPayment(payment.id)).toMatchObject({ ok: true, value: { amountRefundedCents: 1500n } })
    expect(await refund(1001n)).toMatchObject({ ok: false, error: { kind: 'rejected' } })
    expect(await refund(1000n)).toMatchObject({ ok: true })
    expect(await refund(1n)).toMatchObject({ ok: false, error: { kind: 'rejected', code: 'charge_already_refunded' } })
    expect(await readPayment(payment.id)).toMatchObject({ ok: true, value: { amountRefundedCents: 2500n } })
  })
})

describe('an unknown id', () => {
  const missing = { ok: false, error: { kind: 'rejected', code: 'resource_missing' } }

  it('is rejected as missing, whatever is read', async () => {
    expect(await readPayment('pi_unknown')).toMatchObject(missing)
    expect(await readCheckoutSession('cs_test_unknown')).toMatchObject(missing)
    expect(await readSetupIntent('seti_unknown')).toMatchObject(missing)
    expect(await readCard('pm_unknown')).toMatchObject(missing)
    expect(await listCards('cus_unknown')).toMatchObject(missing)
    expect(await detachCard('pm_unknown')).toMatchObject(missing)
  })
})
