import { randomUUID } from 'node:crypto'

import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { checkPayment } from '@/lib/billing/payments/check-payment'
import { setRecharge } from '@/lib/billing/charges/set-recharge'
import { startPurchase } from '@/lib/billing/payments/start-purchase'
import { systemClock } from '@/lib/clock'
import { findPayment } from '@/lib/db/payments'
import { runRecharge } from '@/lib/jobs/run-recharge'
import { saveTestCard } from '@/lib/testing/saved-card'
import { openScenario, YEAR, type Customer, type Scenario } from '@/lib/testing/scenario'

const JOB = { kind: 'job', task: 'test' } as const

let scenario: Scenario

beforeAll(async () => {
  scenario = await openScenario('gpu-hours')
}, 60_000)
afterAll(() => scenario.close())

async function having(credits: string | null): Promise<Customer> {
  const customer = await scenario.addCustomer()
  await customer.moveTo(`${YEAR}-01-04T09:00:00Z`)
  if (credits !== null) await customer.grant(credits)
  return customer
}

/** So many hours after nine. */
const hour = (count: number) => new Date(Date.UTC(YEAR, 0, 4, 9) + Math.round(count * 3_600_000)).toISOString()

/** Starts a deployment that is ready at once. */
async function deploy(customer: Customer, meter = 'deployment.gpu_s', resource = 'drafts'): Promise<string> {
  const id = `dep-${randomUUID()}`
  const started = await customer.call('POST', '/runs', {
    id,
    organization: customer.id,
    meter,
    resource,
    model: 'mistral-7b',
  })
  expect(started.status, started.text).toBe(201)
  await customer.call('POST', `/runs/${id}/ready`, {})
  return id
}
const look = async (customer: Customer, id: string) => (await customer.call('GET', `/runs/${id}`)).body

async function buy(customer: Customer, amount: string) {
  const { id } = await customer.account()
  const input = { amount, formToken: randomUUID(), saveCard: false }
  const origin = 'http://localhost:3000'
  const started = await startPurchase(customer.owner, await customer.account(), input, origin, systemClock)
  if (!started.ok) return started
  const payment = await findPayment(id, started.value.paymentId)
  await scenario.sandbox.control.completeCheckout(payment?.checkoutSessionId ?? '')
  return checkPayment(JOB, id, started.value.paymentId, systemClock)
}

describe('credits', () => {
  it.each([
    ['5', '500'],
    ['10', '1000'],
    ['20', '2000'],
    ['50', '5000'],
    ['100', '10000'],
    ['1', '100'],
    ['7.25', '725'],
  ])('for %s dollars are %s, and never expire', async (dollars, credits) => {
    const customer = await having(null)
    expect(await buy(customer, dollars)).toMatchObject({ ok: true })
    expect(await customer.lines()).toEqual([`purchase ${credits} → ${credits}`])
    expect((await customer.get('/grants'))['data']).toMatchObject([{ expires_at: null }])
    await customer.moveTo(`${YEAR + 1}-01-04T09:00:00Z`)
    expect(await customer.wallet()).toMatchObject({ available: credits })
    await customer.prove()
  })

  it('are sold from one dollar on', async () => {
    const customer = await having(null)
    expect(await buy(customer, '0.99')).toMatchObject({
      error: { errors: [{ path: 'amount', message: 'The smallest purchase is $1.' }] },
    })
    expect((await customer.get(''))['policy']).toMatchObject({
      packs: { value: [500, 1_000, 2_000, 5_000, 10_000] },
      credits_per_usd: { value: '100' },
    })
  })
})

describe('a deployment', () => {
  it('of GPU S that runs for 10 hours costs 600 credits, which are 6.00 dollars', async () => {
    const customer = await having('1000')
    const id = await deploy(customer)
    await customer.moveTo(hour(10))
    const { body } = await customer.call('POST', `/runs/${id}/stop`, {})
    expect(body).toMatchObject({ status: 'stopped', billed_quantity: '10', amount: '600', asset: 'credit' })
    expect(await customer.wallet()).toMatchObject({ balance: '400', debt: '0' })
    await customer.prove()
  })

  it('is charged the first hour when it starts, then each hour while it runs, and partial hours round up', async () => {
    const customer = await having('1000')
    const id = await deploy(customer)
    await customer.moveTo(hour(0.001))
    expect(await look(customer, id)).toMatchObject({ billed_quantity: '1', amount: '60' })
    await customer.moveTo(hour(1))
    expect(await look(customer, id)).toMatchObject({ billed_quantity: '1' })
    await customer.moveTo(hour(1.001))
    expect(await look(customer, id)).toMatchObject({ billed_quantity: '2', amount: '120' })
    await customer.moveTo(hour(2.2))
    const { body } = await customer.call('POST', `/runs/${id}/stop`, {})
    expect(body).toMatchObject({ billed_quantity: '3', amount: '180' })
    expect(await customer.lines()).toEqual([
      'grant 1000 → 1000',
      'usage -60 → 940',
      'usage -60 → 880',
      'usage -60 → 820',
    ])
    await customer.prove()
  })

  it.each([
    ['deployment.gpu_m', '180'],
    ['deployment.gpu_l', '350'],
  ])('of %s costs %s credits an hour', async (meter, price) => {
    const customer = await having('1000')
    expect((await customer.use(meter, '0.25')).body).toMatchObject({ amount: price })
    await customer.prove()
  })

  it('is paused when credits run out, is free while it is, and resumes when credits are added', async () => {
    const customer = await having('120')
    const id = await deploy(customer)
    await customer.moveTo(hour(5))
    expect(await look(customer, id)).toMatchObject({ status: 'paused', billed_quantity: '2', stop_reason: null })
    expect(await customer.wallet()).toMatchObject({ balance: '0', debt: '0' })
    await customer.grant('600')
    await customer.moveTo(hour(5.5))
    expect(await look(customer, id)).toMatchObject({ status: 'running', billed_quantity: '3', amount: '180' })
    expect(await customer.wallet()).toMatchObject({ balance: '540' })
    await customer.prove()
  })

  it('is not started without credit for its first hour', async () => {
    const customer = await having('59')
    const run = { id: 'dep-none', organization: customer.id, meter: 'deployment.gpu_s' }
    const refused = await customer.call('POST', '/runs', run)
    expect(refused.status).toBe(402)
    expect(refused.body).toMatchObject({ code: 'insufficient_credits', required: '60', available: '59' })
  })
})

describe('auto-refill', () => {
  it('below 500 credits adds 2,000 for 20 dollars, and at 500 nothing', async () => {
    const customer = await having('560')
    const { id: accountId } = await customer.account()
    await saveTestCard(accountId)
    const setting = scenario.preset.recharge
    if (setting === null) throw new Error('the preset advises no recharge')
    await setRecharge(customer.owner, await customer.account(), setting, systemClock)
    await customer.use('deployment.gpu_s', 1)
    await runRecharge({ accountId })
    expect(await customer.wallet()).toMatchObject({ balance: '500' })
    await customer.use('deployment.gpu_s', 1)
    await Promise.all([runRecharge({ accountId }), runRecharge({ accountId })])
    expect(await customer.lines()).toEqual([
      'grant 560 → 560',
      'usage -60 → 500',
      'usage -60 → 440',
      'recharge 2000 → 2440',
    ])
    expect(await scenario.chargedCents(customer)).toEqual([2_000])
    await customer.prove()
  })

  it('keeps a deployment running that would have been paused', async () => {
    const customer = await having('560')
    const { id: accountId } = await customer.account()
    await saveTestCard(accountId)
    await setRecharge(customer.owner, await customer.account(), { threshold: '500', size: '2000' }, systemClock)
    const id = await deploy(customer)
    await customer.moveTo(hour(3.5))
    await runRecharge({ accountId })
    await customer.moveTo(hour(12))
    expect(await look(customer, id)).toMatchObject({ status: 'running', billed_quantity: '12' })
    expect(await customer.wallet()).toMatchObject({ balance: '1840' })
    await customer.prove()
  })
})

it('cost by model and by deployment is there at once', async () => {
  const customer = await having('5000')
  await customer.use('deployment.gpu_s', 10, { model: 'mistral-7b', resource: 'drafts', cost: '2.9' })
  await customer.use('deployment.gpu_m', '2.5', { model: 'llama-70b-awq', resource: 'chat', cost: '3.1' })
  expect((await customer.get('/usage?group_by=model'))['data']).toMatchObject([
    { model: 'llama-70b-awq', quantity: '2.5', amount: '540', cost: '3.1' },
    { model: 'mistral-7b', quantity: '10', amount: '600', cost: '2.9' },
  ])
  expect((await customer.get('/usage?group_by=resource,day'))['data']).toHaveLength(2)
  await customer.prove()
})

it('is set up from configuration alone, and again without a change', async () => {
  const entries = () => scenario.api.call('GET', '/organizations/sample-gpu-hours/entries')
  const before = await entries()
  await scenario.apply()
  expect((await entries()).body).toEqual(before.body)
  expect((await scenario.api.call('GET', '/organizations/sample-gpu-hours/balance')).body).toMatchObject({
    wallets: [{ balance: '5320' }],
  })
})
