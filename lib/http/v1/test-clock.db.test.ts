import { randomUUID } from 'node:crypto'

import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { stopApiKeyListening } from '@/lib/organizations/authenticate-api-key'
import { MOUNTS, openApi, type ApiClient } from '@/lib/testing/api'
import type { TestDatabase } from '@/lib/testing/database'
import { openTestDatabase } from '@/lib/testing/environment'

let database: TestDatabase

beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(async () => {
  await stopApiKeyListening()
  await database.drop()
})

const DAY_MS = 86_400_000

describe.each(MOUNTS)('the test clock by the %s', (mount) => {
  let api: ApiClient
  beforeAll(async () => {
    api = await openApi(mount)
  })
  afterAll(() => api.close())

  const days = (count: number) => new Date(Date.now() + count * DAY_MS).toISOString()
  async function addOrganization(): Promise<string> {
    const external_id = `org-${randomUUID()}`
    expect((await api.call('POST', '/organizations', { body: { external_id, name: 'Acme' } })).status).toBe(201)
    return external_id
  }
  const give = (organization: string, fields: object) =>
    api.call('POST', '/grants', {
      body: { organization, purpose: 'a test', ...fields },
      headers: { 'idempotency-key': randomUUID() },
    })
  const advance = (organization: string, to: string, key = api.testKey) =>
    api.call('POST', `/test_clock/${organization}/advance`, { body: { to }, key })
  const read = async (organization: string, what: 'balance' | 'entries' | 'grants') =>
    (await api.call('GET', `/organizations/${organization}/${what}`)).body

  it('lets credit expire at its instant, and everything that is answered goes by it', async () => {
    const organization = await addOrganization()
    const expires_at = days(30)
    const trial = await give(organization, { amount: '50', source: 'trial', expires_at })
    await give(organization, { amount: '20', effective_at: days(40) })
    const to = days(31)
    const moved = await advance(organization, to)
    expect([moved.status, moved.body]).toEqual([200, { now: to }])

    expect(await read(organization, 'entries')).toMatchObject({
      data: [{ kind: 'expiry', amount: '-50', occurred_at: expires_at, grant: trial.body['id'] }, {}, {}],
    })
    expect(await read(organization, 'balance')).toMatchObject({
      wallets: [{ balance: '20', available: '0', upcoming: '20' }],
    })
    expect((await api.call('GET', `/grants/${String(trial.body['id'])}`)).body).toMatchObject({ status: 'expired' })
    const given = await give(organization, { amount: '1' })
    expect(given.body).toMatchObject({ effective_at: to, status: 'active' })

    await advance(organization, days(41))
    expect(await read(organization, 'balance')).toMatchObject({
      wallets: [{ balance: '21', available: '21', upcoming: '0' }],
    })
    expect(await read(organization, 'grants')).toMatchObject({ data: [{ status: 'active' }, { status: 'active' }] })
  })

  it('lets an authorization expire, and what it held of a grant that is past its own time expires with it', async () => {
    const organization = await addOrganization()
    await give(organization, { amount: '10', expires_at: days(1) })
    await advance(organization, days(0.99))
    const held = await api.call('POST', '/authorizations', {
      body: { organization, asset: 'credit', amount: '4', expires_in: 86_400 },
      headers: { 'idempotency-key': randomUUID() },
    })
    expect(held.status).toBe(201)
    await advance(organization, days(1.5))
    expect(await read(organization, 'balance')).toMatchObject({
      wallets: [{ balance: '4', held: '4', available: '0' }],
    })
    await advance(organization, days(3))
    const expired = await api.call('GET', `/authorizations/${String(held.body['id'])}`)
    expect(expired.body).toMatchObject({ status: 'expired', released: '4' })
    const { data } = await read(organization, 'entries')
    expect(data).toMatchObject([
      { kind: 'expiry', amount: '-4', occurred_at: held.body['expires_at'] },
      { kind: 'expiry', amount: '-6' },
      { kind: 'grant' },
    ])
  })

  it('turns periods: what is left of one expires before the credit of the next arrives, at the same instant', async () => {
    const organization = await addOrganization()
    const today = new Date()
    const start = new Date(Date.UTC(today.getUTCFullYear(), today.getUTCMonth() + 1, 10, 12))
    await advance(organization, start.toISOString())
    const key = `plan-${randomUUID()}`
    const body = { name: 'Team', monthly_price_cents: 2000, entitlements: [{ asset: 'credit', amount: '10' }] }
    expect((await api.call('PUT', `/plans/${key}`, { body })).status).toBe(200)
    const chosen = await api.call('PUT', `/organizations/${organization}/plan`, { body: { plan: key, anchor_day: 5 } })
    expect(chosen.status).toBe(200)
    const member = { seat: 'lite', lite_allocation: { asset: 'credit', amount: '3' } }
    expect((await api.call('PUT', `/organizations/${organization}/members/ada`, { body: member })).status).toBe(200)

    const to = new Date(start.getTime() + 100 * DAY_MS)
    expect((await advance(organization, to.toISOString())).status).toBe(200)
    const { data } = await read(organization, 'entries')
    const lines = (data as { wallet: string; kind: string; amount: string; occurred_at: string }[]).toReversed()
    for (const [day, amount] of [
      [5, '10'],
      [1, '3'],
    ] as const) {
      const turns: { kind: string; amount: string; occurred_at?: string }[] = [{ kind: 'grant', amount }]
      for (let month = 0; month < 12; month += 1) {
        const turn = new Date(Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + month, day))
        if (turn <= start || turn > to) continue
        const occurred_at = turn.toISOString()
        turns.push({ kind: 'expiry', amount: `-${amount}`, occurred_at }, { kind: 'grant', amount, occurred_at })
      }
      expect(turns.length).toBeGreaterThan(6)
      expect(lines.filter((line) => line.amount.replace('-', '') === amount)).toMatchObject(turns)
    }
    const wallets = await read(organization, 'balance')
    expect(wallets).toMatchObject({ wallets: [{ balance: '10', available: '10' }] })
  })

  it('dates usage, which is found by when it occurred', async () => {
    const organization = await addOrganization()
    await give(organization, { amount: '10' })
    const meter = `m-${randomUUID()}`
    await api.call('PUT', `/meters/${meter}`, { body: { name: 'Run', unit: 'count' } })
    const price = { model: 'per_unit', unit_price: '1' }
    await api.call('POST', `/meters/${meter}/prices`, { body: price, headers: { 'idempotency-key': randomUUID() } })
    for (const day of [100, 200, 300]) {
      await advance(organization, days(day))
      const body = { id: `evt-${day}`, organization, meter, quantity: 1 }
      expect((await api.call('POST', '/usage', { body })).status).toBe(201)
    }
    const between = `from=${encodeURIComponent(days(150))}&to=${encodeURIComponent(days(250))}`
    const found = await api.call('GET', `/organizations/${organization}/entries?${between}`)
    expect(found.body).toMatchObject({ data: [{ kind: 'usage', event_id: 'evt-200' }], has_more: false })
  })

  it('stands still until it is taken away, and then real time counts again', async () => {
    const organization = await addOrganization()
    await advance(organization, days(5))
    await give(organization, { amount: '3', effective_at: days(4) })
    expect(await read(organization, 'balance')).toMatchObject({ wallets: [{ available: '3', upcoming: '0' }] })
    const removed = await api.call('DELETE', `/test_clock/${organization}`)
    expect(removed.status).toBe(200)
    expect(Math.abs(Date.parse(String(removed.body['now'])) - Date.now())).toBeLessThan(60_000)
    expect(await read(organization, 'balance')).toMatchObject({ wallets: [{ available: '0', upcoming: '3' }] })
    expect((await api.call('DELETE', `/test_clock/${organization}`)).status).toBe(200)
  })

  it.each([
    ['backwards', () => days(-1), 'to'],
    ['more than 400 days ahead', () => days(401), 'to'],
    ['to what is no instant', () => 'tomorrow', 'to'],
  ])('is not moved %s', async (_name, to, path) => {
    const refused = await advance(await addOrganization(), to())
    expect(refused.status).toBe(422)
    expect(refused.body).toMatchObject({ code: 'invalid_input', errors: [{ path }] })
  })

  it('is for test keys alone, and for organizations that exist', async () => {
    const organization = await addOrganization()
    expect((await advance(organization, days(1), api.liveKey)).status).toBe(403)
    expect((await api.call('DELETE', `/test_clock/${organization}`, { key: api.liveKey })).status).toBe(403)
    expect((await advance('nobody', days(1))).status).toBe(404)
    expect((await api.call('DELETE', '/test_clock/nobody')).status).toBe(404)
  })

  it('is documented, with its methods', async () => {
    const { paths } = (await api.call('GET', '/openapi.json')).body as { paths: Record<string, object> }
    expect(Object.keys(paths['/test_clock/{org}'] ?? {})).toEqual(['delete'])
    const wrong = await api.call('GET', '/test_clock/x')
    expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'DELETE, OPTIONS'])
  })
})
