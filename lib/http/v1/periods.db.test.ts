import { randomUUID } from 'node:crypto'

import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { stopApiKeyListening } from '@/lib/organizations/authenticate-api-key'
import { openApi, type Answered, type ApiClient } from '@/lib/testing/api'
import type { TestDatabase } from '@/lib/testing/database'
import { openTestDatabase } from '@/lib/testing/environment'

let database: TestDatabase
let api: ApiClient

beforeAll(async () => {
  database = await openTestDatabase()
  api = await openApi('web-standard handler')
  await ok('PUT', '/meters/rule_run', { name: 'Rule run', unit: 'count' })
  const effective_from = new Date(Date.now() - 3_600_000).toISOString()
  const price = { model: 'per_unit', unit_price: '1', effective_from }
  await api.call('POST', '/meters/rule_run/prices', { body: price, headers: once() })
}, 60_000)
afterAll(async () => {
  await api.close()
  await stopApiKeyListening()
  await database.drop()
})

const once = () => ({ 'idempotency-key': randomUUID() })

async function ok(method: string, path: string, body?: object): Promise<Answered['body']> {
  const answered = await api.call(method, path, { ...(body === undefined ? {} : { body }), headers: once() })
  if (answered.status >= 300) throw new Error(`${method} ${path}: ${answered.text}`)
  return answered.body
}

/** An organization whose time stands at noon of the next 20th of a month, far from any boundary. */
async function anOrganization(): Promise<{ name: string; at: (months: number, day: number) => string }> {
  const name = `org-${randomUUID()}`
  await ok('POST', '/organizations', { external_id: name, name: 'Acme' })
  const today = new Date()
  const at = (months: number, day: number) =>
    new Date(Date.UTC(today.getUTCFullYear(), today.getUTCMonth() + 1 + months, day, 12)).toISOString()
  await advance(name, at(0, 20))
  return { name, at }
}

async function advance(organization: string, to: string): Promise<void> {
  expect(await ok('POST', `/test_clock/${organization}/advance`, { to })).toEqual({ now: to })
}

function use(organization: string, quantity: string, fields: object = {}): Promise<Answered> {
  const body = { id: randomUUID(), organization, meter: 'rule_run', quantity, ...fields }
  return api.call('POST', '/usage', { body })
}

async function available(organization: string): Promise<unknown> {
  const { wallets } = (await ok('GET', `/organizations/${organization}/balance`)) as {
    wallets: readonly { asset: string; available: string }[]
  }
  return wallets.find(({ asset }) => asset === 'credit')?.available
}

async function kinds(organization: string): Promise<readonly string[]> {
  const { data } = (await ok('GET', `/organizations/${organization}/entries?limit=200`)) as {
    data: readonly { kind: string; amount: string }[]
  }
  return data.map(({ kind, amount }) => `${kind} ${amount}`).toReversed()
}

describe('a plan through the API', () => {
  it('covers its allowance first, then its credits, then what was bought, and starts anew with the period', async () => {
    const { name, at } = await anOrganization()
    const key = `starter-${randomUUID()}`
    const plan = {
      name: 'Starter',
      monthly_price_cents: 2_000,
      allowances: [{ meter: 'rule_run', quantity: '100' }],
      entitlements: [{ asset: 'credit', amount: '10' }],
      seats: 3,
    }
    expect(await ok('PUT', `/plans/${key}`, plan)).toEqual({ key, ...plan })
    const { data } = (await ok('GET', '/plans')) as { data: readonly { key: string }[] }
    expect(data.map((each) => each.key)).toContain(key)

    const preview = await ok('PUT', `/organizations/${name}/plan?dry_run=true`, { plan: key })
    expect(preview).toMatchObject({ dry_run: true, entitlements: [{ now: '10' }] })
    expect(await ok('GET', `/organizations/${name}`)).toMatchObject({ plan: null })
    expect(await ok('PUT', `/organizations/${name}/plan`, { plan: key })).toEqual({ ...preview, dry_run: false })
    expect(await ok('GET', `/organizations/${name}`)).toMatchObject({ plan: key })

    await ok('POST', '/grants', { organization: name, amount: '5', purpose: 'Bought' })
    expect((await use(name, '100')).body).toMatchObject({
      outcome: 'covered',
      covered_by_allowance: '100',
      amount: '0',
    })
    expect((await use(name, '12')).body).toMatchObject({ outcome: 'charged', amount: '12', available: '3' })
    expect(await ok('PUT', `/organizations/${name}/plan?dry_run=true`, { plan: key })).toMatchObject({
      allowances: [{ before: '100', after: '100', used: '100', left: '0' }],
      entitlements: [{ granted: '10', now: '0', next_period: '10' }],
    })
    await advance(name, at(1, 1))
    expect(await available(name)).toBe('13')
    expect((await use(name, '100')).body).toMatchObject({ outcome: 'covered' })
    await advance(name, at(3, 2))
    expect(await available(name)).toBe('13')
    expect(await kinds(name)).toEqual([
      'grant 10',
      'grant 5',
      'usage -12',
      'grant 10',
      'expiry -10',
      'grant 10',
      'expiry -10',
      'grant 10',
    ])
  })

  it('is refused by field and by parameter', async () => {
    const { name } = await anOrganization()
    const refusals: readonly (readonly [string, object, readonly string[]])[] = [
      [
        '/plans/x',
        { name: 'X', monthly_price_cents: 0, allowances: [{ meter: 'no', quantity: '1' }] },
        ['allowances.0.meter'],
      ],
      [
        '/plans/x',
        { name: 'X', monthly_price_cents: 0.5, entitlements: [{ asset: 'credit', amount: '-1' }] },
        ['monthly_price_cents', 'entitlements.0.amount'],
      ],
      ['/plans/X!', { name: 'X', monthly_price_cents: 0 }, ['key']],
      ['/plans/x', { name: 'X', monthly_price_cents: 0, seats: -1, what: 1 }, ['seats', 'what']],
      [`/organizations/${name}/plan`, { plan: 'no-such-plan' }, ['plan']],
      [`/organizations/${name}/plan`, { plan: null, anchor_day: 32 }, ['anchor_day']],
      [`/organizations/${name}/plan?dry_run=maybe`, { plan: null }, ['dry_run']],
      [`/organizations/${name}/plan?really=yes`, { plan: null }, ['really']],
      [`/organizations/${name}/plan`, {}, ['plan']],
    ]
    for (const [path, body, paths] of refusals) {
      const refused = await api.call('PUT', path, { body })
      expect(refused.status).toBe(422)
      expect((refused.body['errors'] as readonly { path: string }[]).map((error) => error.path)).toEqual(paths)
    }
  })
})

describe('a Lite member through the API', () => {
  it('spends their own allocation and nothing of the pool, anew each month, until they go to Pro', async () => {
    const { name, at } = await anOrganization()
    await ok('POST', '/grants', { organization: name, amount: '100', purpose: 'Pool' })
    const path = `/organizations/${name}/members/leo`
    const lite = { seat: 'lite', lite_allocation: { asset: 'credit', amount: '10' } }
    expect(await ok('PUT', path, lite)).toMatchObject({ external_id: 'leo', wallets: [{ available: '10' }] })
    expect((await use(name, '7', { member: 'leo' })).body).toMatchObject({ amount: '7', available: '3' })
    const refused = await use(name, '4', { member: 'leo' })
    expect([refused.status, refused.body['available']]).toEqual([402, '3'])
    expect(await available(name)).toBe('100')
    await advance(name, at(1, 1))
    expect(await ok('PUT', path, { seat: 'lite' })).toMatchObject({ wallets: [{ available: '10' }] })
    expect(await ok('PUT', path, { seat: 'pro' })).toMatchObject({ lite_allocation: null })
    expect((await use(name, '50', { member: 'leo' })).status).toBe(201)
    expect(await available(name)).toBe('50')
    await advance(name, at(2, 1))
    expect(await ok('PUT', path, { seat: 'pro' })).toMatchObject({ wallets: [{ balance: '0', available: '0' }] })
  })
})

describe('a contract through the API', () => {
  it('resets its package at the end of the contract year, and later purchases know its end', async () => {
    const { name, at } = await anOrganization()
    const starts_on = at(-2, 1).slice(0, 10)
    const lastDay = (years: number) =>
      new Date(Date.parse(`${parseInt(starts_on.slice(0, 4), 10) + years}${starts_on.slice(4)}T00:00:00Z`) - 1)
        .toISOString()
        .slice(0, 10)
    const contract = { starts_on, ends_on: lastDay(2), package: { asset: 'credit', amount: '1000' } }
    expect((await api.call('GET', `/organizations/${name}/contract`)).status).toBe(404)
    const agreed = await ok('PUT', `/organizations/${name}/contract`, contract)
    expect(agreed).toMatchObject({ ...contract, status: 'running', year: { granted: '1000' } })
    expect(await ok('GET', `/organizations/${name}/contract`)).toEqual(agreed)
    await use(name, '400')
    await advance(name, at(10, 2))
    expect(await kinds(name)).toEqual(['grant 1000', 'usage -400', 'expiry -600', 'grant 1000'])
    expect(await available(name)).toBe('1000')
    await advance(name, at(22, 2))
    expect(await available(name)).toBe('0')
    expect(await ok('GET', `/organizations/${name}/contract`)).toMatchObject({ status: 'ended', year: null })
  })
})

describe('a trial through the API', () => {
  it('is spent before what stays, is gone at its instant, and its rest is booked as expired', async () => {
    const { name, at } = await anOrganization()
    const trial = { organization: name, amount: '20', purpose: 'Trial', source: 'trial', expires_at: at(0, 25) }
    expect(await ok('POST', '/grants', trial)).toMatchObject({
      source: 'trial',
      status: 'active',
      expires_at: at(0, 25),
    })
    await ok('POST', '/grants', { organization: name, amount: '5', purpose: 'Bought', cost_basis_cents: 500 })
    expect((await use(name, '8')).body).toMatchObject({ available: '17' })
    await advance(name, new Date(Date.parse(at(0, 25)) - 1).toISOString())
    expect(await available(name)).toBe('17')
    await advance(name, at(0, 25))
    expect(await available(name)).toBe('5')
    const refused = await use(name, '6')
    expect([refused.status, refused.body['available']]).toEqual([402, '5'])
    expect(await kinds(name)).toEqual(['grant 20', 'grant 5', 'usage -8', 'expiry -12'])
    const late = { ...trial, expires_at: at(0, 24) }
    const tooLate = await api.call('POST', '/grants', { body: late, headers: once() })
    expect(tooLate.body).toMatchObject({ code: 'invalid_input', errors: [{ path: 'expires_at' }] })
  })
})
