import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { cents } from '@/lib/money/cents'
import { createTestDatabase, type TestDatabase } from '@/lib/testing/database'
import { SANDBOX_KEYS, startSandboxProcess, type SandboxProcess } from '@/lib/testing/sandbox-process'
import { chargeSavedCard } from './charge-saved-card'
import { listPaymentsSince } from './list-payments-since'
import { readPayment } from './read-payment'

const target = vi.hoisted(() => ({ STRIPE_SECRET_KEY: '', STRIPE_WEBHOOK_SECRET: '', STRIPE_API_BASE: '' }))
vi.mock('@/lib/env', () => ({ env: () => target }))

/** The SDK asks once and tries twice again. */
const ALL_TRIES = 3
const ENDPOINT = 'POST /v1/payment_intents'

let database: TestDatabase
let sandbox: SandboxProcess
let customerId: string
let paymentMethodId: string

beforeAll(async () => {
  database = await createTestDatabase()
  sandbox = await startSandboxProcess(database.url)
  target.STRIPE_SECRET_KEY = SANDBOX_KEYS.secretKey
  target.STRIPE_API_BASE = sandbox.url
})

beforeEach(async () => {
  await sandbox.control.clearFaults()
  const customer = await sandbox.api('POST', '/v1/customers', {})
  customerId = String(customer.body['id'])
  const method = await sandbox.api('POST', '/v1/payment_methods/pm_card_visa/attach', { customer: customerId })
  paymentMethodId = String(method.body['id'])
})

afterAll(async () => {
  await sandbox.stop()
  await database.drop()
})

function charge(idempotencyKey: string) {
  return chargeSavedCard({
    customerId,
    paymentMethodId,
    amountCents: cents(2500n),
    description: 'Credits',
    metadata: {},
    offSession: true,
    idempotencyKey,
  })
}

async function charges(): Promise<number> {
  const { body } = await sandbox.api('GET', '/v1/charges', { customer: customerId })
  return (body['data'] as unknown[]).length
}

describe('a charge whose answer is lost', () => {
  it('once, is found again by the retry under the same key: one charge', async () => {
    await sandbox.control.addFault({ endpoint: ENDPOINT, fault: 'drop_answer' })
    expect(await charge(randomUUID())).toMatchObject({ ok: true, value: { payment: { status: 'succeeded' } } })
    expect(await charges()).toBe(1)
  })

  it('every time, is unavailable and not a decline; asked again with the key it is still one charge', async () => {
    const key = randomUUID()
    await sandbox.control.addFault({ endpoint: ENDPOINT, fault: 'drop_answer', times: ALL_TRIES })
    expect(await charge(key)).toEqual({ ok: false, error: { kind: 'unavailable' } })
    expect(await charges()).toBe(1)
    expect(await charge(key)).toMatchObject({ ok: true, value: { payment: { status: 'succeeded' } } })
    expect(await charges()).toBe(1)
  })
})

it('an outage that outlasts the retries is unavailable and charges nothing', async () => {
  const key = randomUUID()
  await sandbox.control.addFault({ endpoint: ENDPOINT, fault: 'fail', times: ALL_TRIES })
  expect(await charge(key)).toEqual({ ok: false, error: { kind: 'unavailable' } })
  expect(await charges()).toBe(0)
  expect(await charge(key)).toMatchObject({ ok: true })
  expect(await charges()).toBe(1)
})

it('an outage while payments are listed ends the list with the failure', async () => {
  await charge(randomUUID())
  await sandbox.control.addFault({ endpoint: 'GET /v1/payment_intents', fault: 'fail', times: ALL_TRIES })
  const seen = []
  for await (const payment of listPaymentsSince(new Date(Date.now() - 60_000))) seen.push(payment)
  expect(seen).toEqual([{ ok: false, error: { kind: 'unavailable' } }])
})

it('a refund made in the dashboard is seen by reading the payment again', async () => {
  const charged = await charge(randomUUID())
  if (!charged.ok) throw new Error(JSON.stringify(charged.error))
  const { id, chargeId } = charged.value.payment
  await sandbox.api('POST', '/v1/refunds', { charge: chargeId ?? '', amount: '700' })
  expect(await readPayment(id)).toMatchObject({ ok: true, value: { amountRefundedCents: 700n, status: 'succeeded' } })
})
