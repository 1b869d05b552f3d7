import { randomUUID } from 'node:crypto'

import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { checkPayment } from '@/lib/billing/payments/check-payment'
import { setRecharge } from '@/lib/billing/charges/set-recharge'
import { startPurchase } from '@/lib/billing/payments/start-purchase'
import { systemClock } from '@/lib/clock'
import { listCards } from '@/lib/db/cards'
import { findPayment } from '@/lib/db/payments'
import { runRecharge } from '@/lib/jobs/run-recharge'
import { settleDebt } from '@/lib/jobs/settle-debt'
import { saveTestCard } from '@/lib/testing/saved-card'
import { openScenario, YEAR, type Customer, type Scenario } from '@/lib/testing/scenario'

const JOB = { kind: 'job', task: 'test' } as const
const A100 = 'compute.a100'

let scenario: Scenario

beforeAll(async () => {
  scenario = await openScenario('compute-seconds')
}, 60_000)
afterAll(() => scenario.close())

/** A customer at nine on a January morning. */
async function having(credits: string | null, card = false): Promise<Customer> {
  const customer = await scenario.addCustomer()
  await customer.moveTo(`${YEAR}-01-04T09:00:00Z`)
  if (credits !== null) await customer.grant(credits)
  if (card) await saveTestCard((await customer.account()).id)
  return customer
}

/** So many seconds after nine. */
const second = (count: number) => new Date(Date.UTC(YEAR, 0, 4, 9) + Math.round(count * 1_000)).toISOString()

/** Starts a run that becomes ready after some seconds of cold start. */
async function startRun(customer: Customer, coldSeconds: number): Promise<string> {
  const id = `run-${randomUUID()}`
  const started = await customer.call('POST', '/runs', { id, organization: customer.id, meter: A100, resource: 'web' })
  expect(started.status, started.text).toBe(201)
  if (coldSeconds > 0) await customer.moveTo(second(coldSeconds))
  await customer.call('POST', `/runs/${id}/ready`, {})
  return id
}
const stopRun = async (customer: Customer, id: string) => (await customer.call('POST', `/runs/${id}/stop`, {})).body

describe('compute time', () => {
  it('is billed by the second, and a partial second counts as a full one', async () => {
    const customer = await having('10')
    const { body } = await customer.use(A100, '25.4')
    expect(body).toMatchObject({ outcome: 'charged', amount: '0.0364', balance: '9.9636' })
    expect(await customer.get(`/entries/${String(body['entry'])}`)).toMatchObject({
      arithmetic: [
        { step: 'round_up', quantity: '25.4', multiple: '1', billed: '26' },
        { step: 'units', quantity: '26', price: '0.0014', subtotal: '0.0364' },
        { step: 'rounding' },
      ],
    })
    expect((await customer.use('compute.t4', '25.4')).body).toMatchObject({ amount: '0.00585' })
    expect((await customer.use('compute.cpu', '26')).body).toMatchObject({ amount: '0.0026' })
    await customer.prove()
  })

  it('begins when the instance is ready: a cold start of 90 seconds is free, 25.4 seconds of work are 26', async () => {
    const customer = await having('10')
    const id = await startRun(customer, 90)
    await customer.moveTo(second(115.4))
    expect(await stopRun(customer, id)).toMatchObject({
      status: 'stopped',
      started_at: second(0),
      ready_at: second(90),
      stopped_at: second(115.4),
      billed_quantity: '26',
      amount: '0.0364',
      stop_reason: 'requested',
    })
    expect(await customer.wallet()).toMatchObject({ balance: '9.9636', debt: '0' })
    await customer.prove()
  })

  it('stops accruing at once when a run is cancelled, and costs nothing when it never became ready', async () => {
    const customer = await having('10')
    const id = await startRun(customer, 0)
    await customer.moveTo(second(10))
    await stopRun(customer, id)
    const cold = `run-${randomUUID()}`
    await customer.call('POST', '/runs', { id: cold, organization: customer.id, meter: A100 })
    await customer.moveTo(second(60))
    expect(await stopRun(customer, cold)).toMatchObject({ status: 'stopped', billed_quantity: '0', amount: '0' })
    await customer.moveTo(second(3_600))
    expect((await customer.call('GET', `/runs/${id}`)).body).toMatchObject({ billed_quantity: '10', amount: '0.014' })
    expect(await customer.wallet()).toMatchObject({ balance: '9.986' })
    await customer.prove()
  })

  it('is all that costs: metadata and status calls are free, without any credit too', async () => {
    const customer = await having(null)
    expect((await customer.use('compute.status', 250)).body).toMatchObject({
      outcome: 'free',
      amount: '0',
      entry: null,
    })
    await customer.prove()
  })
})

describe('credits', () => {
  it('that are bought live one year from the purchase, and not an instant longer', async () => {
    const customer = await having(null)
    const { id } = await customer.account()
    const input = { amount: '25', formToken: randomUUID(), saveCard: false }
    const origin = 'http://localhost:3000'
    const started = await startPurchase(customer.owner, await customer.account(), input, origin, systemClock)
    if (!started.ok) throw new Error(started.error.code)
    const payment = await findPayment(id, started.value.paymentId)
    await scenario.sandbox.control.completeCheckout(payment?.checkoutSessionId ?? '')
    await checkPayment(JOB, id, started.value.paymentId, systemClock)
    const [grant] = (await customer.get('/grants'))['data'] as readonly Readonly<Record<string, string>>[]
    expect(grant).toMatchObject({ amount: '25', source: 'purchase', cost_basis_cents: 2500 })
    const lifetime = Date.parse(grant?.['expires_at'] ?? '') - Date.parse(grant?.['effective_at'] ?? '')
    expect(lifetime).toBe(365 * 86_400_000)
    await customer.moveTo(new Date(Date.parse(grant?.['expires_at'] ?? '') - 1).toISOString())
    expect(await customer.wallet()).toMatchObject({ available: '25' })
    await customer.moveTo(grant?.['expires_at'] ?? '')
    expect(await customer.lines()).toEqual(['purchase 25 → 25', 'expiry -25 → 0'])
    await customer.prove()
  })

  it('are needed to start a run', async () => {
    const customer = await having(null, true)
    const run = { id: 'run-none', organization: customer.id, meter: A100 }
    const refused = await customer.call('POST', '/runs', run)
    expect(refused.status).toBe(402)
    expect(refused.body).toMatchObject({ code: 'insufficient_credits', required: '0.0014', available: '0' })
    await customer.prove()
  })

  it('that run out mid-run do not interrupt it: the excess is charged to the card, and then new runs may start', async () => {
    const customer = await having('5', true)
    const { id: accountId } = await customer.account()
    const id = await startRun(customer, 0)
    for (let minutes = 4; minutes <= 80; minutes += 4) {
      await customer.moveTo(second(minutes * 60))
      const alive = await customer.call('POST', `/runs/${id}/heartbeat`, {})
      expect(alive.body, `minute ${minutes}`).toMatchObject({ status: 'running' })
    }
    await customer.moveTo(second(5_000))
    expect(await stopRun(customer, id)).toMatchObject({ status: 'stopped', billed_quantity: '5000', amount: '7' })
    expect(await customer.wallet()).toMatchObject({ balance: '-2', debt: '2', available: '0' })
    const next = { id: 'run-next', organization: customer.id, meter: A100 }
    expect((await customer.call('POST', '/runs', next)).body).toMatchObject({ code: 'debt_unsettled' })
    await settleDebt({ accountId, occasion: 'run_ended' })
    expect(await scenario.chargedCents(customer)).toEqual([200])
    expect((await customer.lines()).at(-1)).toBe('settlement 2 → 0')
    expect(await customer.wallet()).toMatchObject({ balance: '0', debt: '0' })
    await customer.grant('1')
    expect((await customer.call('POST', '/runs', next)).status).toBe(201)
    await customer.prove()
  })
})

describe('auto-reload', () => {
  const set = async (customer: Customer) => {
    const setting = scenario.preset.recharge
    if (setting === null) throw new Error('the preset advises no recharge')
    return setRecharge(customer.owner, await customer.account(), setting, systemClock)
  }

  it('at a balance of 19 with minimum 20 and target 100 charges exactly 81.00 and comes back to 100', async () => {
    const customer = await having('100', true)
    const { id: accountId } = await customer.account()
    expect(await set(customer)).toEqual({ ok: true, value: { status: 'saved', chargedNowUsd: null } })
    // 800,000 CPU seconds at 0.0001 are 80.
    await customer.use('compute.cpu', 800_000)
    await runRecharge({ accountId })
    expect(await customer.wallet()).toMatchObject({ balance: '20' })
    expect(await scenario.chargedCents(customer)).toEqual([])
    await customer.use('compute.cpu', 10_000)
    await Promise.all([runRecharge({ accountId }), runRecharge({ accountId })])
    expect(await scenario.chargedCents(customer)).toEqual([8_100])
    expect(await customer.lines()).toEqual(['grant 100 → 100', 'usage -80 → 20', 'usage -1 → 19', 'recharge 81 → 100'])
    const grants = (await customer.get('/grants'))['data'] as readonly Readonly<Record<string, string>>[]
    const bought = grants.find((grant) => grant['source'] === 'recharge')
    expect(Date.parse(bought?.['expires_at'] ?? '') - Date.parse(bought?.['effective_at'] ?? '')).toBe(365 * 86_400_000)
    await customer.prove()
  })
})

describe('the switch from postpaid to prepaid', () => {
  it('invoices each month that ends, makes one final invoice at the cutover, and asks for credits from then on', async () => {
    const customer = await having('1.4')
    await customer.use(A100, 1_000)
    await customer.moveTo(`${YEAR}-05-10T09:00:00Z`)
    const { id: accountId } = await customer.account()
    await customer.put('/policy', { billing_mode: { postpaid_until: `${YEAR}-07-01T00:00:00Z` } })
    await saveTestCard(accountId)

    expect((await customer.use(A100, 10_000)).body).toMatchObject({ amount: '14', balance: '-14' })
    await customer.moveTo(`${YEAR}-06-01T00:00:00Z`)
    expect(await scenario.chargedCents(customer)).toEqual([1_400])
    await customer.moveTo(`${YEAR}-06-15T12:00:00Z`)
    await customer.use(A100, 20_000)
    await customer.use('compute.status', 40)
    await customer.moveTo(`${YEAR}-06-30T23:59:59Z`)
    await customer.use('compute.t4', 1_000)
    expect(
      (await customer.call('POST', '/runs', { id: randomUUID(), organization: customer.id, meter: A100 })).status,
    ).toBe(201)
    await customer.moveTo(`${YEAR}-07-01T00:00:00Z`)

    const { data } = await customer.get('/invoices')
    expect(data).toMatchObject([
      {
        kind: 'final',
        status: 'paid',
        amount: '28.225',
        amount_cents: 2_823,
        period_end: `${YEAR}-07-01T00:00:00.000Z`,
      },
      { kind: 'month', status: 'paid', amount: '14', amount_cents: 1_400, period_end: `${YEAR}-06-01T00:00:00.000Z` },
    ])
    expect(await scenario.chargedCents(customer)).toEqual([1_400, 2_823])
    expect(await customer.wallet()).toMatchObject({ debt: '0', balance: '0.005' })

    expect(await listCards(accountId)).toMatchObject([{ isDefault: true }])
    const denied = await customer.use(A100, 1_000)
    expect(denied.status).toBe(402)
    await customer.grant('10')
    expect((await customer.use(A100, 1_000)).body).toMatchObject({ amount: '1.4' })
    await customer.moveTo(`${YEAR}-08-15T00:00:00Z`)
    expect((await customer.get('/invoices'))['data']).toHaveLength(2)
    await customer.prove()
  })
})

it('a high-volume customer may overdraw as far as the operator says, and no further', async () => {
  const customer = await having(null)
  await customer.put('/policy', scenario.preset.organizations['sample-compute-volume']?.policy ?? {})
  // 3,571,428 seconds at 0.0014 are 4,999.9992.
  expect((await customer.use(A100, 3_571_428)).body).toMatchObject({ amount: '4999.9992', balance: '-4999.9992' })
  const over = await customer.use(A100, 1)
  expect(over.status).toBe(402)
  expect(await customer.wallet()).toMatchObject({ debt: '4999.9992' })
  await customer.grant('6000', { source: 'adjustment', purpose: 'Invoice 7, paid' })
  expect(await customer.wallet()).toMatchObject({ balance: '1000.0008', debt: '0' })
  await customer.prove()
})

it('is set up from configuration alone, and again without a change', async () => {
  const entries = () => scenario.api.call('GET', '/organizations/sample-compute-seconds/entries')
  const before = await entries()
  await scenario.apply()
  expect((await entries()).body).toEqual(before.body)
  expect((await scenario.api.call('GET', '/organizations/sample-compute-volume/balance')).body).toMatchObject({
    wallets: [{ balance: '-120.96', debt: '120.96' }],
  })
})
