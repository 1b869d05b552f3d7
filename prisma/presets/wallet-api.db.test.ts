import { randomUUID } from 'node:crypto'

import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { setRecharge } from '@/lib/billing/charges/set-recharge'
import { systemClock } from '@/lib/clock'
import { runRecharge } from '@/lib/jobs/run-recharge'
import { saveTestCard } from '@/lib/testing/saved-card'
import { openScenario, YEAR, type Customer, type Scenario } from '@/lib/testing/scenario'

let scenario: Scenario

beforeAll(async () => {
  scenario = await openScenario('wallet-api')
}, 60_000)
afterAll(() => scenario.close())

/** A customer in January, with these amounts of these assets. */
async function having(amounts: Readonly<Record<string, string>>): Promise<Customer> {
  const customer = await scenario.addCustomer()
  await customer.moveTo(`${YEAR}-01-04T09:00:00Z`)
  for (const [asset, amount] of Object.entries(amounts)) await customer.grant(amount, { asset, cost_basis_cents: 100 })
  return customer
}
const chargeOf = async (customer: Customer, meter: string, quantity: string, details: object = {}) => {
  const { body } = await customer.use(meter, quantity, details)
  return `${String(body['amount'] ?? body['code'])} ${String(body['asset'])}`
}

describe('several assets in one wallet view', () => {
  it('are held and spent side by side, each by its own prices, and none is turned into another', async () => {
    const customer = await having({ token: '1000', gpu_hour: '12', video_minute: '200', credit: '1' })
    expect(await chargeOf(customer, 'wallet.completion', '100')).toBe('100 token')
    expect(await chargeOf(customer, 'wallet.training', '2.5')).toBe('2.5 gpu_hour')
    expect(await chargeOf(customer, 'wallet.render', '10')).toBe('15 video_minute')
    expect(await chargeOf(customer, 'wallet.search', '25')).toBe('0.1 credit')
    const { wallets } = await customer.get('/balance')
    expect(wallets).toMatchObject([
      { asset: 'credit', balance: '0.9' },
      { asset: 'gpu_hour', balance: '9.5' },
      { asset: 'token', balance: '900' },
      { asset: 'video_minute', balance: '185' },
    ])
    const none = await customer.use('wallet.completion', '901')
    expect(none.status).toBe(402)
    expect(none.body).toMatchObject({ code: 'insufficient_credits', required: '901', available: '900', asset: 'token' })
    await customer.prove()
  })
})

describe('pricing', () => {
  it('by event charges each occurrence', async () => {
    const customer = await having({ credit: '1' })
    for (let search = 0; search < 3; search += 1) {
      expect(await chargeOf(customer, 'wallet.search', '1')).toBe('0.004 credit')
    }
    expect(await customer.wallet()).toMatchObject({ balance: '0.988' })
    await customer.prove()
  })

  it('by volume charges an event at the tier that the running total reaches with it, and leaves earlier events alone', async () => {
    const customer = await having({ gpu_hour: '100' })
    expect(await chargeOf(customer, 'wallet.training', '10')).toBe('10 gpu_hour')
    expect(await chargeOf(customer, 'wallet.training', '10')).toBe('8 gpu_hour')
    expect(await customer.wallet('gpu_hour')).toMatchObject({ balance: '82' })
    await customer.prove()
  })

  it.each([
    ['the model and the output format', 'large', { output_format: 'json' }, '300 token'],
    ['the model alone', 'large', {}, '250 token'],
    ['the output format alone', 'small', { output_format: 'json' }, '120 token'],
    ['neither', 'small', { output_format: 'text' }, '100 token'],
  ])('by dimensions: %s', async (_name, model, dimensions, charge) => {
    const customer = await having({ token: '1000' })
    expect(await chargeOf(customer, 'wallet.completion', '100', { model, dimensions })).toBe(charge)
    await customer.prove()
  })

  it('by a flat fee and usage: the fee once a month with the first unit, then each unit by its tier', async () => {
    const customer = await having({ video_minute: '300' })
    expect(await chargeOf(customer, 'wallet.render', '90')).toBe('95 video_minute')
    expect(await chargeOf(customer, 'wallet.render', '30')).toBe('25 video_minute')
    await customer.moveTo(`${YEAR}-02-01T00:00:00Z`)
    expect(await chargeOf(customer, 'wallet.render', '1')).toBe('6 video_minute')
    await customer.prove()
  })

  it('is defined through the API and applied when events arrive, from the instant on that it says', async () => {
    const customer = await having({ credit: '10' })
    const meter = `wallet.custom-${randomUUID().slice(0, 8)}`
    await customer.call('PUT', `/meters/${meter}`, { name: 'Custom', unit: 'count' })
    const prices = [
      { model: 'per_unit', unit_price: '1', effective_from: `${YEAR}-01-01T00:00:00Z` },
      { model: 'per_unit', unit_price: '2', effective_from: `${YEAR}-01-05T00:00:00Z` },
    ]
    for (const price of prices) expect((await customer.call('POST', `/meters/${meter}/prices`, price)).status).toBe(201)
    expect(await chargeOf(customer, meter, '1')).toBe('1 credit')
    await customer.moveTo(`${YEAR}-01-05T00:00:00Z`)
    expect(await chargeOf(customer, meter, '1')).toBe('2 credit')
    const late = { occurred_at: `${YEAR}-01-04T23:59:59Z` }
    expect(await chargeOf(customer, meter, '1', late)).toBe('1 credit')
    await customer.prove()
  })
})

describe('authorizing', () => {
  const authorize = (customer: Customer, quantity: string) =>
    customer.call('POST', '/authorizations', { organization: customer.id, meter: 'wallet.completion', quantity })

  it('sets credit aside before cost is incurred, denies what is not there, and gives back what was not used', async () => {
    const customer = await having({ token: '1000' })
    const held = await authorize(customer, '800')
    expect(held.status).toBe(201)
    expect(held.body).toMatchObject({ status: 'open', asset: 'token', amount: '800' })
    const denied = await authorize(customer, '300')
    expect(denied.status).toBe(402)
    expect(denied.body).toMatchObject({ required: '300', available: '200', asset: 'token' })
    const captured = await customer.call('POST', `/authorizations/${String(held.body['id'])}/capture`, {
      event_id: `evt-${randomUUID()}`,
      quantity: '650',
    })
    expect(captured.body).toMatchObject({ status: 'captured', captured: '650', released: '150', balance: '350' })
    expect(await customer.wallet('token')).toMatchObject({ balance: '350', held: '0', available: '350', debt: '0' })
    await customer.prove()
  })

  it('of 50 at once with credit for 20 admits exactly 20, and no balance goes below zero', async () => {
    const customer = await having({ token: '2000' })
    const answers = await Promise.all(Array.from({ length: 50 }, () => authorize(customer, '100')))
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(20)
    expect(answers.filter(({ status }) => status === 402)).toHaveLength(30)
    const wallet = await customer.wallet('token')
    expect(wallet).toMatchObject({ balance: '2000', held: '2000', available: '0', debt: '0' })
    await customer.prove()
  })

  it('as a dry run says why and from which grants, and writes nothing', async () => {
    const customer = await having({ token: '1000' })
    const asked = { organization: customer.id, meter: 'wallet.completion', quantity: '1200' }
    const trace = await customer.call('POST', '/authorizations?dry_run=true', asked)
    expect(trace.body).toMatchObject({ allowed: false, reason: 'insufficient_credits', asset: 'token', amount: '1200' })
    expect(await customer.wallet('token')).toMatchObject({ held: '0', available: '1000' })
  })
})

describe('grants', () => {
  it('with purpose, expiry and scope are spent in one order: priority, scope, the earliest expiry, free before paid', async () => {
    const customer = await scenario.addCustomer()
    await customer.moveTo(`${YEAR}-01-04T09:00:00Z`)
    const soon = `${YEAR}-01-20T00:00:00Z`
    const later = `${YEAR}-03-01T00:00:00Z`
    await customer.grant('5', { purpose: 'Prepaid', cost_basis_cents: 500 })
    await customer.grant('1', { purpose: 'Retention', expires_at: later })
    await customer.grant('1', { purpose: 'Onboarding', expires_at: soon })
    await customer.grant('1', { purpose: 'Searches', expires_at: later, scope: { meters: ['wallet.search'] } })
    await customer.grant('1', { purpose: 'Free for ever' })
    await customer.grant('1', { purpose: 'First of all', priority: 10 })
    const open = (await customer.get('/grants'))['data'] as readonly { id: string; purpose: string }[]
    const order = ['First of all', 'Searches', 'Onboarding', 'Retention', 'Free for ever', 'Prepaid']
    expect(open.map(({ purpose }) => purpose)).toEqual(order)

    const names = new Map(open.map(({ id, purpose }) => [id, purpose]))
    const { body } = await customer.use('wallet.search', '1625')
    const entry = await customer.get(`/entries/${String(body['entry'])}`)
    const drawn = (entry['allocations'] as readonly { grant: string; amount: string }[]).map(
      ({ grant, amount }) => `${names.get(grant) ?? grant} ${amount}`,
    )
    expect(drawn).toEqual([
      'First of all -1',
      'Searches -1',
      'Onboarding -1',
      'Retention -1',
      'Free for ever -1',
      'Prepaid -1.5',
    ])
    await customer.prove()
  })

  it('never pay for what they are not for, and are gone the instant they expire', async () => {
    const customer = await scenario.addCustomer()
    await customer.moveTo(`${YEAR}-01-04T09:00:00Z`)
    const expires_at = `${YEAR}-01-20T00:00:00Z`
    await customer.grant('10', { purpose: 'Launch', expires_at, scope: { features: ['launch'] } })
    expect((await customer.use('wallet.search', '100')).status).toBe(402)
    expect(await chargeOf(customer, 'wallet.search', '100', { feature: 'launch' })).toBe('0.4 credit')
    await customer.moveTo(expires_at)
    expect((await customer.use('wallet.search', '100', { feature: 'launch' })).status).toBe(402)
    expect(await customer.lines()).toEqual(['grant 10 → 10', 'usage -0.4 → 9.6', 'expiry -9.6 → 0'])
    await customer.prove()
  })
})

describe('a subscription', () => {
  it('puts its entitlements into the wallet each period, and overage comes from the prepaid balance', async () => {
    const customer = await scenario.addCustomer()
    await customer.moveTo(`${YEAR}-01-10T12:00:00Z`)
    await customer.grant('50000', { asset: 'token', purpose: 'Prepaid tokens', cost_basis_cents: 1000 })
    await customer.put('/plan', { plan: 'wallet-starter', anchor_day: 10 })
    expect(await chargeOf(customer, 'wallet.completion', '120000')).toBe('120000 token')
    expect(await customer.wallet('token')).toMatchObject({ balance: '30000', debt: '0' })
    await customer.moveTo(`${YEAR}-02-10T00:00:00Z`)
    expect(await customer.lines('token')).toEqual([
      'grant 50000 → 50000',
      'grant 100000 → 150000',
      'usage -120000 → 30000',
      'grant 100000 → 130000',
    ])
    await customer.moveTo(`${YEAR}-03-10T00:00:00Z`)
    expect(await customer.wallet('token')).toMatchObject({ balance: '130000', available: '130000' })
    expect(await customer.wallet('gpu_hour')).toMatchObject({ balance: '2.5', available: '2.5' })
    await customer.prove()
  })

  it('covers what its plan includes before any credit is touched', async () => {
    const customer = await having({ credit: '1' })
    await customer.put('/plan', { plan: 'wallet-starter' })
    expect((await customer.use('wallet.search', '500')).body).toMatchObject({ outcome: 'covered', amount: '0' })
    expect(await chargeOf(customer, 'wallet.search', '50')).toBe('0.2 credit')
    await customer.prove()
  })
})

it('margin is there at once: what was charged and what it cost, per feature and member', async () => {
  const customer = await having({ credit: '10' })
  await customer.use('wallet.search', '500', { feature: 'research', member: 'ida', cost: '0.8' })
  await customer.use('wallet.search', '250', { feature: 'research', member: 'tom', cost: '0.35' })
  await customer.use('wallet.search', '250', { feature: 'chat', member: 'ida', cost: '1.25' })
  expect((await customer.get('/usage?group_by=feature'))['data']).toEqual([
    { feature: 'chat', asset: 'credit', quantity: '250', amount: '1', cost: '1.25', events: 1 },
    { feature: 'research', asset: 'credit', quantity: '750', amount: '3', cost: '1.15', events: 2 },
  ])
  expect((await customer.get('/usage?group_by=member,feature'))['data']).toMatchObject([
    { member: 'ida', feature: 'chat', amount: '1', cost: '1.25' },
    { member: 'ida', feature: 'research', amount: '2', cost: '0.8' },
    { member: 'tom', feature: 'research', amount: '1', cost: '0.35' },
  ])
  await customer.prove()
})

it('an automatic top-up fires below the threshold, not at it, and service goes on', async () => {
  const customer = await having({ credit: '12' })
  const { id } = await customer.account()
  await saveTestCard(id)
  const setting = scenario.preset.recharge
  if (setting === null) throw new Error('the preset advises no recharge')
  await setRecharge(customer.owner, await customer.account(), setting, systemClock)
  await customer.use('wallet.search', '500')
  await runRecharge({ accountId: id })
  expect(await customer.wallet()).toMatchObject({ balance: '10' })
  await customer.use('wallet.search', '250')
  await runRecharge({ accountId: id })
  expect(await customer.lines()).toEqual(['grant 12 → 12', 'usage -2 → 10', 'usage -1 → 9', 'recharge 25 → 34'])
  await customer.prove()
})

it('without one, the balance reaches zero and further usage is denied until funds are added', async () => {
  const customer = await having({ credit: '0.004' })
  expect(await chargeOf(customer, 'wallet.search', '1')).toBe('0.004 credit')
  expect((await customer.use('wallet.search', '1')).status).toBe(402)
  await customer.grant('1')
  expect((await customer.use('wallet.search', '1')).status).toBe(201)
  await customer.prove()
})

it('the test environment is apart: what a test key made does not exist for a live key', async () => {
  const customer = await having({ token: '1' })
  const { api } = scenario
  const live = { key: api.liveKey }
  expect((await api.call('GET', `/organizations/${customer.id}`, live)).status).toBe(404)
  expect((await api.call('GET', '/meters/wallet.search/prices', live)).status).toBe(404)
  const assets = (await api.call('GET', '/assets', live)).body['data'] as readonly { code: string }[]
  expect(assets.map(({ code }) => code)).toEqual(['credit'])
})

it('is set up from configuration alone, and again without a change', async () => {
  const before = await scenario.api.call('GET', '/organizations/sample-wallet-api/balance')
  await scenario.apply()
  const after = await scenario.api.call('GET', '/organizations/sample-wallet-api/balance')
  expect(after.body).toEqual(before.body)
  expect(before.body['wallets']).toMatchObject([
    { asset: 'credit' },
    { asset: 'gpu_hour', balance: '1.25' },
    { asset: 'token', balance: '371000' },
    { asset: 'video_minute', balance: '102.5' },
  ])
})
