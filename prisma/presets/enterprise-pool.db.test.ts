import { randomUUID } from 'node:crypto'

import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { openScenario, YEAR, type Customer, type Scenario } from '@/lib/testing/scenario'

const PACKAGE = { asset: 'credit', amount: '12000' }
const LITE = { seat: 'lite', lite_allocation: { asset: 'credit', amount: '10' } } as const

let scenario: Scenario

beforeAll(async () => {
  scenario = await openScenario('enterprise-pool')
}, 60_000)
afterAll(() => scenario.close())

/** A customer of New York in its first contract year, which began with February; the contract runs two years. */
async function underContract(): Promise<Customer> {
  const customer = await scenario.addCustomer({ time_zone: 'America/New_York' })
  await customer.moveTo(`${YEAR}-02-10T15:00:00Z`)
  await customer.put('/contract', {
    starts_on: `${YEAR}-02-01`,
    ends_on: `${YEAR + 2}-01-31`,
    package: PACKAGE,
    price_cents: 1_200_000,
  })
  return customer
}

/** Uses so many dollars, a cent for each 1,000 tokens of the flagship. */
function spend(customer: Customer, dollars: number, details: object = {}) {
  return customer.use('platform.tokens', dollars * 100_000, { model: 'flagship', ...details })
}

async function memberWallet(customer: Customer, member: string, fields: object) {
  const { wallets } = await customer.put(`/members/${member}`, fields)
  return (wallets as readonly object[])[0]
}

describe('the pool', () => {
  it('is a dollar balance for every user, and for embedded use with no named user', async () => {
    const customer = await underContract()
    await customer.put('/members/pia', { seat: 'pro' })
    expect((await spend(customer, 30, { member: 'pia' })).body).toMatchObject({ amount: '30', balance: '11970' })
    expect((await spend(customer, 20, { member: 'nobody-we-know' })).body).toMatchObject({ balance: '11950' })
    expect((await spend(customer, 10, { key: 'claims-widget' })).body).toMatchObject({ balance: '11940' })
    expect((await customer.use('platform.web_search', 4)).body).toMatchObject({ amount: '0.2', balance: '11939.8' })
    await customer.prove()
  })

  it('gets a package each contract year, which expires and resets at that year’s end: nothing rolls over', async () => {
    const customer = await underContract()
    await spend(customer, 2_000)
    await customer.moveTo(`${YEAR + 1}-02-01T04:59:59Z`)
    expect(await customer.wallet()).toMatchObject({ available: '10000' })
    await customer.moveTo(`${YEAR + 1}-02-01T05:00:00Z`)
    expect(await customer.wallet()).toMatchObject({ balance: '12000', available: '12000', debt: '0' })
    expect(await customer.lines()).toEqual([
      'grant 12000 → 12000',
      'usage -2000 → 10000',
      'expiry -10000 → 0',
      'grant 12000 → 12000',
    ])
    await customer.prove()
  })

  it('gets nothing after the contract’s last day, and extra purchases end with it', async () => {
    const customer = await underContract()
    const { ends_at } = await customer.get('/contract')
    expect(ends_at).toBe(`${YEAR + 2}-02-01T05:00:00.000Z`)
    await customer.grant('500', {
      source: 'contract',
      purpose: 'Extra credits',
      cost_basis_cents: 50_000,
      expires_at: ends_at,
    })
    await spend(customer, 12_100)
    expect(await customer.wallet()).toMatchObject({ balance: '400' })
    await customer.moveTo(`${YEAR + 1}-02-01T05:00:00Z`)
    expect(await customer.wallet()).toMatchObject({ balance: '12400' })
    await customer.moveTo(`${YEAR + 2}-01-31T12:00:00Z`)
    await customer.moveTo(`${YEAR + 2}-02-01T05:00:00Z`)
    expect(await customer.wallet()).toMatchObject({ balance: '0', available: '0' })
    expect((await spend(customer, 1)).status).toBe(402)
    expect((await customer.lines()).filter((line) => line.startsWith('grant 12000'))).toHaveLength(2)
    await customer.prove()
  })

  it('that is exhausted denies access until more is bought through the account executive', async () => {
    const customer = await underContract()
    await spend(customer, 12_000)
    const denied = await spend(customer, 1)
    expect(denied.status).toBe(402)
    expect(denied.body).toMatchObject({ code: 'insufficient_credits', required: '1', available: '0' })
    const { ends_at } = await customer.get('/contract')
    await customer.grant('100', { source: 'contract', purpose: 'Extra credits', expires_at: ends_at })
    expect((await spend(customer, 1)).status).toBe(201)
    await customer.prove()
  })

  it('is the organization’s own: another one’s credit pays nothing here, and none can be moved', async () => {
    const rich = await underContract()
    const poor = await scenario.addCustomer()
    expect((await spend(poor, 1)).status).toBe(402)
    const { paths } = (await scenario.api.call('GET', '/openapi.json')).body as {
      paths: Readonly<Record<string, object>>
    }
    expect(Object.keys(paths).filter((path) => path.includes('transfer'))).toEqual([])
    expect(await rich.wallet()).toMatchObject({ balance: '12000' })
  })
})

describe('a Lite member', () => {
  it('has a monthly allocation of their own and never the pool', async () => {
    const customer = await underContract()
    const wallet = await memberWallet(customer, 'lena', LITE)
    expect(wallet).toMatchObject({
      asset: 'credit',
      balance: '10',
      next_expiry: { amount: '10', at: `${YEAR}-03-01T05:00:00.000Z` },
    })
    expect((await spend(customer, 9, { member: 'lena' })).body).toMatchObject({ amount: '9', balance: '1' })
    const refused = await spend(customer, 2, { member: 'lena' })
    expect(refused.status).toBe(402)
    expect(refused.body).toMatchObject({ required: '2', available: '1' })
    expect(await customer.wallet()).toMatchObject({ balance: '12000' })
    await customer.prove()
  })

  it('starts anew on the 1st of the month of the organization, with nothing carried over, each for themselves', async () => {
    const customer = await underContract()
    await memberWallet(customer, 'lena', LITE)
    await memberWallet(customer, 'otto', LITE)
    await spend(customer, 4, { member: 'lena' })
    await customer.moveTo(`${YEAR}-03-01T04:59:59Z`)
    expect((await spend(customer, 7, { member: 'lena' })).status).toBe(402)
    await customer.moveTo(`${YEAR}-03-01T05:00:00Z`)
    expect((await spend(customer, 7, { member: 'lena' })).body).toMatchObject({ amount: '7', balance: '3' })
    expect(await memberWallet(customer, 'otto', LITE)).toMatchObject({ balance: '10', available: '10' })
    await customer.prove()
  })

  it('who goes Pro spends from the pool at once', async () => {
    const customer = await underContract()
    await memberWallet(customer, 'lena', LITE)
    expect((await spend(customer, 50, { member: 'lena' })).status).toBe(402)
    await customer.put('/members/lena', { seat: 'pro' })
    expect((await spend(customer, 50, { member: 'lena' })).body).toMatchObject({ amount: '50', balance: '11950' })
    await customer.moveTo(`${YEAR}-04-01T05:00:00Z`)
    expect(await memberWallet(customer, 'lena', { seat: 'pro' })).toMatchObject({ balance: '0' })
    await customer.prove()
  })
})

describe('spend limits', () => {
  it.each([
    ['the organization', { scope: 'organization', period: 'month' }, {}, {}],
    ['a member', { scope: 'member', subject: 'pia', period: 'day' }, { member: 'pia' }, { member: 'omar' }],
    ['each member', { scope: 'member', period: 'day' }, { member: 'pia' }, { member: 'omar' }],
    ['a key', { scope: 'key', subject: 'widget', period: 'month' }, { key: 'widget' }, { key: 'other' }],
  ])('of %s let through what reaches them and refuse what goes over', async (_name, limit, mine, others) => {
    const customer = await underContract()
    const id = `limit-${randomUUID()}`
    await customer.put(`/limits/${id}`, { ...limit, amount: '100', mode: 'block' })
    expect((await spend(customer, 99, mine)).status).toBe(201)
    expect((await spend(customer, 1, mine)).status).toBe(201)
    const refused = await spend(customer, 1, mine)
    expect(refused.status).toBe(402)
    expect(refused.body).toMatchObject({ code: 'spend_limit_exceeded', limit: id })
    const elsewhere = await spend(customer, 5, others)
    expect(elsewhere.status).toBe(limit.scope === 'organization' ? 402 : 201)
    await customer.moveTo(limit.period === 'day' ? `${YEAR}-02-11T05:00:00Z` : `${YEAR}-03-01T05:00:00Z`)
    expect((await spend(customer, 100, mine)).status).toBe(201)
    await customer.prove()
  })

  it('that only alert refuse nothing, and count', async () => {
    const customer = await underContract()
    const limit = { scope: 'organization', amount: '10', period: 'month', mode: 'alert' }
    await customer.put('/limits/notice', limit)
    expect((await spend(customer, 25)).status).toBe(201)
    expect((await customer.get('/limits'))['data']).toMatchObject([
      { id: 'notice', amount: '10', use: [{ used: '25' }] },
    ])
    await customer.prove()
  })
})

it('is set up from configuration alone, and again without a change', async () => {
  const before = await scenario.api.call('GET', '/organizations/sample-enterprise-pool/entries')
  expect((await scenario.apply()).join('\n')).toContain('under contract until')
  const after = await scenario.api.call('GET', '/organizations/sample-enterprise-pool/entries')
  expect(after.body).toEqual(before.body)
  const report = await scenario.api.call('GET', '/organizations/sample-enterprise-pool/usage?group_by=member')
  expect(report.body['data']).toHaveLength(4)
})
