import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest'
import { verifyStripeEvent } from '@/lib/stripe/verify-event'
import { createTestDatabase, type TestDatabase } from '@/lib/testing/database'
import { startSandboxProcess, type SandboxProcess } from '@/lib/testing/sandbox-process'
import { startWebhookReceiver, type WebhookReceiver } from '@/lib/testing/webhook-receiver'

vi.mock('@/lib/env', () => ({
  env: () => ({
    STRIPE_SECRET_KEY: 'sk_test_sandboxtests',
    STRIPE_WEBHOOK_SECRET: 'whsec_sandboxtests',
    STRIPE_API_BASE: undefined,
  }),
  paymentMode: () => 'test',
}))

let database: TestDatabase
let sandbox: SandboxProcess
let receiver: WebhookReceiver

beforeAll(async () => {
  database = await createTestDatabase()
  sandbox = await startSandboxProcess(database.url)
})

beforeEach(async () => {
  receiver = await startWebhookReceiver()
  await sandbox.control.resumeWebhooks()
  await sandbox.control.setWebhooks({ url: receiver.url })
  return async () => {
    await sandbox.control.setWebhooks({ url: null })
    await receiver.close()
  }
})

afterAll(async () => {
  await sandbox.stop()
  await database.drop()
})

const arrivals = () => receiver.received.map(({ body }) => JSON.parse(body) as { id: string; type: string })
const types = () => arrivals().map((event) => event.type)

async function arrived(count: number): Promise<void> {
  await expect.poll(() => receiver.received.length, { timeout: 10_000 }).toBe(count)
}

/** Makes one event: `customer.created`. */
async function something(): Promise<string> {
  return String((await sandbox.api('POST', '/v1/customers', { name: 'Acme' })).body['id'])
}

it('a payment is announced by signed events that the SDK accepts', async () => {
  await sandbox.api('POST', '/v1/payment_intents', {
    amount: '500',
    currency: 'usd',
    payment_method: 'pm_card_visa',
    confirm: 'true',
  })
  await arrived(3)
  expect(types().sort()).toEqual(['charge.succeeded', 'payment_intent.created', 'payment_intent.succeeded'])
  for (const { body, signature } of receiver.received) {
    expect(verifyStripeEvent(body, signature)).toMatchObject({ ok: true, value: { livemode: false } })
    expect(verifyStripeEvent(body.replace('500', '501'), signature)).toEqual({ ok: false, error: 'bad_signature' })
  }
})

it('a delivery that is not answered with 2xx is tried again until it is', async () => {
  receiver.answerWith(503)
  await something()
  await arrived(1)
  receiver.answerWith(200)
  await arrived(2)
  const [first, second] = arrivals()
  expect(first).toEqual(second)
  expect((second?.id ?? '').startsWith('evt_')).toBe(true)
  await expect
    .poll(async () => (await sandbox.control.deliveries())[0], { timeout: 10_000 })
    .toMatchObject({ state: 'delivered', attempts: 2, last_status: 200 })
})

it('a delivery waits while nobody listens, and arrives when somebody does', async () => {
  await receiver.close()
  await something()
  await expect
    .poll(async () => (await sandbox.control.deliveries())[0], { timeout: 10_000 })
    .toMatchObject({ state: 'pending', attempts: 1, last_status: null })
  receiver = await startWebhookReceiver()
  await sandbox.control.setWebhooks({ url: receiver.url })
  await sandbox.control.flushWebhooks()
  expect(types()).toEqual(['customer.created'])
})

it('duplicated, each event arrives that many times more', async () => {
  await sandbox.control.setWebhooks({ duplicates: 2 })
  await something()
  await arrived(3)
  expect(new Set(arrivals().map((event) => event.id)).size).toBe(1)
})

it('delayed, an event arrives no sooner than that', async () => {
  await sandbox.control.setWebhooks({ delayMs: 400 })
  const asked = performance.now()
  await something()
  await arrived(1)
  expect((receiver.received[0]?.at ?? 0) - asked).toBeGreaterThanOrEqual(400)
})

it('delayed for an hour, an event arrives when flushed', async () => {
  await sandbox.control.setWebhooks({ delayMs: 3_600_000 })
  await something()
  expect(receiver.received).toHaveLength(0)
  expect(await sandbox.control.flushWebhooks()).toMatchObject({ pending: 0 })
  expect(types()).toEqual(['customer.created'])
})

it('reordered, events of one payment arrive newest first', async () => {
  await sandbox.control.setWebhooks({ reorder: true })
  await sandbox.api('POST', '/v1/payment_intents', {
    amount: '500',
    currency: 'usd',
    payment_method: 'pm_card_visa',
    confirm: 'true',
  })
  await arrived(3)
  expect(types()).toEqual(['payment_intent.succeeded', 'charge.succeeded', 'payment_intent.created'])
})

it('of lost events the next ones vanish for good and later ones arrive', async () => {
  await sandbox.control.setWebhooks({ lose: 2, paused: true })
  const customers = [await something(), await something(), await something()]
  expect(await sandbox.control.flushWebhooks()).toMatchObject({ pending: 0, lost: 2 })
  await sandbox.control.resumeWebhooks()
  await sandbox.control.flushWebhooks()
  expect(receiver.received).toHaveLength(1)
  expect(receiver.received[0]?.body).toContain(customers[2])
})

it('while all are lost none arrives, and one can be sent again later', async () => {
  await sandbox.control.setWebhooks({ lose: 'all' })
  await something()
  await sandbox.control.flushWebhooks()
  expect(receiver.received).toHaveLength(0)
  await sandbox.control.resumeWebhooks()
  const [lost] = await sandbox.control.deliveries()
  expect(lost).toMatchObject({ state: 'lost', event_type: 'customer.created' })
  await sandbox.control.resendEvent(lost?.event_id ?? '')
  await arrived(1)
  expect(arrivals()[0]?.id).toBe(lost?.event_id)
})

it('paused, nothing leaves until resumed', async () => {
  await sandbox.control.setWebhooks({ paused: true })
  await something()
  expect(await sandbox.control.webhookQueue()).toMatchObject({ pending: 1 })
  expect(receiver.received).toHaveLength(0)
  await sandbox.control.resumeWebhooks()
  await arrived(1)
})

it('a dispute is announced when it opens and when it ends, won or lost', async () => {
  const paid = await sandbox.api('POST', '/v1/payment_intents', {
    amount: '500',
    currency: 'usd',
    payment_method: 'pm_card_createDispute',
    confirm: 'true',
  })
  await arrived(5)
  expect(types()).toContain('charge.dispute.created')
  const [opened] = await sandbox.control.objects('dispute')
  expect(opened).toMatchObject({ payment_intent: paid.body['id'], amount: 500, status: 'needs_response' })
  expect(await sandbox.control.winDispute(opened?.id ?? '')).toMatchObject({ status: 'won' })
  await arrived(7)
  expect(types().slice(5).sort()).toEqual(['charge.dispute.closed', 'charge.dispute.funds_reinstated'])
  await expect(sandbox.control.loseDispute(opened?.id ?? '')).rejects.toThrow('already closed')

  const other = await sandbox.api('POST', '/v1/payment_intents', {
    amount: '900',
    currency: 'usd',
    payment_method: 'pm_card_visa',
    confirm: 'true',
  })
  const dispute = await sandbox.control.openDispute(String(other.body['latest_charge']), 'product_not_received')
  expect(await sandbox.control.loseDispute(dispute.id)).toMatchObject({
    status: 'lost',
    reason: 'product_not_received',
  })
  await arrived(7 + 3 + 3)
})
