import { randomUUID } from 'node:crypto'

import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { stopApiKeyListening } from '@/lib/organizations/authenticate-api-key'
import { openApi, type ApiClient } from '@/lib/testing/api'
import type { TestDatabase } from '@/lib/testing/database'
import { openTestDatabase } from '@/lib/testing/environment'
import { definePrice } from '@/lib/testing/ledger-factory'

const DAY_MS = 86_400_000

let database: TestDatabase
let api: ApiClient

beforeAll(async () => {
  database = await openTestDatabase()
  api = await openApi('web-standard handler')
  await definePrice({ key: 'token', name: 'Tokens', unit: 'count' }, { model: 'per_unit', unit_price: '0.002' })
  await definePrice({ key: 'gpu', name: 'GPU', unit: 'second' }, { model: 'per_unit', unit_price: '0.5' })
})
afterAll(async () => {
  await api.close()
  await stopApiKeyListening()
  await database.drop()
})

/** An organization of New York that has used something on two of its days. */
async function anOrganization() {
  const organization = `org-${randomUUID()}`
  await api.call('POST', '/organizations', {
    body: { external_id: organization, name: 'Acme', time_zone: 'America/New_York' },
  })
  await api.call('POST', '/grants', {
    body: { organization, amount: '1000', purpose: 'a test' },
    headers: { 'idempotency-key': randomUUID() },
  })
  const yesterday = new Date(Date.now() - DAY_MS).toISOString().slice(0, 10)
  // Half past three in the morning in UTC is still the evening before in New York.
  const early = `${yesterday}T03:30:00Z`
  const late = `${yesterday}T18:00:00Z`
  const event = { organization, model: 'large', member: 'mia', cost: '0.25' }
  const events = [
    { ...event, id: '1', meter: 'token', quantity: '1000', occurred_at: early },
    { ...event, id: '2', meter: 'token', quantity: '500', occurred_at: late, model: 'small', cost: '0.000000000001' },
    { ...event, id: '3', meter: 'gpu', quantity: '2.5', occurred_at: late, member: undefined },
  ]
  const recorded = await api.call('POST', '/usage/batch', { body: { events } })
  expect(recorded.body['results']).toMatchObject([{ amount: '2' }, { amount: '1' }, { amount: '1.25' }])
  const eve = new Date(Date.parse(early) - DAY_MS).toISOString().slice(0, 10)
  return { organization, eve, yesterday }
}
const report = async (organization: string, query: string, key = api.testKey) =>
  api.call('GET', `/organizations/${organization}/usage${query}`, { key })

describe('usage in sums', () => {
  it("is per day of the account's time zone, per meter, exact, with what it cost the operator", async () => {
    const { organization, eve, yesterday } = await anOrganization()
    const { status, body } = await report(organization, '?group_by=day,meter')
    expect(status).toBe(200)
    expect(body['data']).toEqual([
      { day: eve, meter: 'token', asset: 'credit', quantity: '1000', amount: '2', cost: '0.25', events: 1 },
      { day: yesterday, meter: 'gpu', asset: 'credit', quantity: '2.5', amount: '1.25', cost: '0.25', events: 1 },
      {
        day: yesterday,
        meter: 'token',
        asset: 'credit',
        quantity: '500',
        amount: '1',
        cost: '0.000000000001',
        events: 1,
      },
    ])
    const first = await report(organization, `?from=${eve}&to=${eve}&group_by=model`)
    expect(first.body['data']).toMatchObject([{ model: 'large', amount: '2', events: 1 }])
  })

  it('of several meters has no quantity, and of no name says so', async () => {
    const { organization } = await anOrganization()
    const all = await report(organization, '')
    expect(all.body['data']).toEqual([
      { asset: 'credit', quantity: null, amount: '4.25', cost: '0.500000000001', events: 3 },
    ])
    const members = await report(organization, '?group_by=member,resource')
    expect(members.body['data']).toMatchObject([
      { member: null, resource: null, quantity: '2.5', amount: '1.25' },
      { member: 'mia', resource: null, quantity: '1500', amount: '3' },
    ])
  })

  it.each([
    ['?group_by=hour', 'group_by'],
    ['?group_by=', 'group_by'],
    ['?group_by=day,day', 'group_by'],
    ['?group_by=day,meter,model', 'group_by'],
    ['?from=2026-02-30', 'from'],
    ['?from=2026-03-02&to=2026-03-01', 'to'],
    ['?from=2024-01-01&to=2026-01-01', 'to'],
    ['?limit=1', 'limit'],
  ])('refuses %s', async (query, path) => {
    const { organization } = await anOrganization()
    const refused = await report(organization, query)
    expect(refused.status).toBe(422)
    expect(refused.body).toMatchObject({ code: 'invalid_input', errors: [{ path }] })
  })

  it('of the other mode does not exist, and of nothing is empty', async () => {
    const { organization } = await anOrganization()
    expect((await report(organization, '', api.liveKey)).status).toBe(404)
    const none = await report(organization, '?from=2001-01-01&to=2001-01-02')
    expect(none.body).toEqual({ data: [] })
  })
})
