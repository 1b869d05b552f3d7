import { randomUUID } from 'node:crypto'

import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { query } from '@/lib/db/pool'
import { stopApiKeyListening } from '@/lib/organizations/authenticate-api-key'
import { openApi, type Answered, type ApiClient } from '@/lib/testing/api'
import type { TestDatabase } from '@/lib/testing/database'
import { openTestDatabase } from '@/lib/testing/environment'

const COUNTED = ['wallet', 'credit_grant', 'entry', 'usage_event', 'daily_usage', 'period_usage', 'limit_counter']
const ALSO_COUNTED = [
  'hold',
  'hold_allocation',
  'allowance_usage',
  'price',
  'idempotency_record',
  'spend_limit',
  'plan',
]
const ROWS = [...COUNTED, ...ALSO_COUNTED].map((table) => `(SELECT count(*) FROM ${table})`).join(' + ')

let database: TestDatabase
let api: ApiClient
let hold: string
const organization = `org-${randomUUID()}`
const startsAt = '2099-01-01T00:00:00Z'

beforeAll(async () => {
  database = await openTestDatabase()
  api = await openApi('web-standard handler')
  await api.call('POST', '/organizations', { body: { external_id: organization, name: 'Acme' } })
  await api.call('PUT', '/meters/run', { body: { name: 'Run', unit: 'count' } })
  await api.call('PUT', '/meters/dear', { body: { name: 'Dear', unit: 'count' } })
  await api.call('PUT', '/meters/unpriced', { body: { name: 'Unpriced', unit: 'count' } })
  const long = new Date(Date.now() - 40 * 86_400_000).toISOString()
  await send('/meters/run/prices', { model: 'per_unit', unit_price: '1', effective_from: long })
  await send('/meters/run/prices', { model: 'per_unit', unit_price: '2', effective_from: startsAt })
  await send('/meters/dear/prices', { model: 'per_unit', unit_price: '9000000000', effective_from: long })
  await send('/grants', { organization, amount: '10', purpose: 'a test' })
  hold = String((await send('/authorizations', { organization, meter: 'run', quantity: '1' })).body['id'])
})
afterAll(async () => {
  await api.close()
  await stopApiKeyListening()
  await database.drop()
})

function send(path: string, body: object): Promise<Answered> {
  return api.call('POST', path, { body, headers: { 'idempotency-key': randomUUID() } })
}

/** Sends it and expects a refusal with this code, naming these fields if any, that leaves no row behind. */
async function expectRefusal(path: string, body: object, code: string, fields: readonly string[]): Promise<void> {
  const before = await query(`SELECT ${ROWS} AS rows, (SELECT sum(held) FROM wallet) AS held`)
  const refused = await send(path, body)
  expect({ code: refused.body['code'], status: refused.status }).toMatchObject({ code })
  const errors = (refused.body['errors'] ?? []) as readonly { readonly path: string; readonly message: string }[]
  expect(errors.map((error) => error.path)).toEqual(fields)
  for (const { message } of errors) expect(message).toMatch(/^[A-Z].*\.$/)
  expect(await query(`SELECT ${ROWS} AS rows, (SELECT sum(held) FROM wallet) AS held`)).toEqual(before)
}

const minutes = (count: number) => new Date(Date.now() + count * 60_000).toISOString()
const QUANTITIES = ['-1', 'NaN', 'Infinity', '-0', '1e3', '', '1000000000000001', '0.0000000000001', 1.5, -1, null]

describe('bad usage is refused by the name of the field, and writes nothing:', () => {
  it.each(QUANTITIES)('a quantity of %j, recorded, authorized or captured', async (quantity) => {
    const used = { id: randomUUID(), organization, meter: 'run', quantity }
    await expectRefusal('/usage', used, 'invalid_input', ['quantity'])
    await expectRefusal('/authorizations', { organization, meter: 'run', quantity }, 'invalid_input', ['quantity'])
    const taken = { event_id: randomUUID(), quantity }
    await expectRefusal(`/authorizations/${hold}/capture`, taken, 'invalid_input', ['quantity'])
  })

  it.each(['-1', 'NaN', '0.0000000001', '9000000000.000000001', '1e1'])('an amount of %j', async (amount) => {
    await expectRefusal('/authorizations', { organization, asset: 'credit', amount }, 'invalid_input', ['amount'])
    const taken = { event_id: randomUUID(), amount }
    await expectRefusal(`/authorizations/${hold}/capture`, taken, 'invalid_input', ['amount'])
    await expectRefusal('/grants', { organization, amount, purpose: 'a test' }, 'invalid_input', ['amount'])
  })

  it.each([
    ['35 days ago', -35 * 1_440],
    ['a minute more than 34 days ago', -34 * 1_440 - 1],
    ['6 minutes ahead', 6],
  ])('an occurred_at %s', async (_name, offset) => {
    const used = { organization, meter: 'run', quantity: '1', occurred_at: minutes(offset) }
    await expectRefusal('/usage', { id: randomUUID(), ...used }, 'invalid_input', ['occurred_at'])
    const taken = { event_id: randomUUID(), quantity: '1', occurred_at: minutes(offset) }
    await expectRefusal(`/authorizations/${hold}/capture`, taken, 'invalid_input', ['occurred_at'])
    const named = { event_id: randomUUID(), amount: '1', occurred_at: minutes(offset) }
    await expectRefusal(`/authorizations/${hold}/capture`, named, 'invalid_input', ['occurred_at'])
  })

  it.each([
    ['unknown_meter', 'nothing'],
    ['unpriced', 'unpriced'],
  ])('%s', async (code, meter) => {
    await expectRefusal('/usage', { id: randomUUID(), organization, meter, quantity: '1' }, code, [])
    await expectRefusal('/authorizations', { organization, meter, quantity: '1' }, code, [])
  })

  it('a quantity that costs more than any wallet can hold', async () => {
    const body = { organization, meter: 'dear', quantity: '2' }
    await expectRefusal('/usage', { id: randomUUID(), ...body }, 'invalid_input', ['quantity'])
    await expectRefusal('/authorizations', body, 'invalid_input', ['quantity'])
  })

  it('more than the balance', async () => {
    const body = { organization, meter: 'run', quantity: '9.000000001' }
    await expectRefusal('/usage', { id: randomUUID(), ...body }, 'insufficient_credits', [])
    await expectRefusal('/authorizations', body, 'insufficient_credits', [])
  })
})

describe('a bad price is refused by the name of the field, and writes nothing:', () => {
  const tier = (up_to: string | null, unit_price = '1') => ({ up_to, unit_price })
  it.each([
    ['a negative price', { model: 'per_unit', unit_price: '-1' }, ['unit_price']],
    ['no number', { model: 'per_unit', unit_price: 'NaN' }, ['unit_price']],
    ['13 decimals', { model: 'per_unit', unit_price: '0.0000000000001' }, ['unit_price']],
    ['a price beyond any', { model: 'per_unit', unit_price: '9000000000.1' }, ['unit_price']],
    ['tiers without a last one', { model: 'graduated', tiers: [tier('10'), tier('20')] }, ['tiers.1.up_to']],
    ['a gap before the last tier', { model: 'volume', tiers: [tier('10'), tier(null), tier(null)] }, ['tiers.1.up_to']],
    ['tiers that go back', { model: 'graduated', tiers: [tier('10'), tier('5'), tier(null)] }, ['tiers.1.up_to']],
    ['a tier of nothing', { model: 'volume', tiers: [tier('10'), tier('10'), tier(null)] }, ['tiers.1.up_to']],
    ['a first tier up to 0', { model: 'graduated', tiers: [tier('0'), tier(null)] }, ['tiers.0.up_to']],
    ['no tiers', { model: 'graduated', tiers: [] }, ['tiers']],
  ])('%s', (_name, body, fields) => expectRefusal('/meters/run/prices', body, 'invalid_input', fields))

  it('a second version at one instant', async () => {
    const body = { model: 'per_unit', unit_price: '3', effective_from: startsAt }
    await expectRefusal('/meters/run/prices', body, 'conflict', [])
    const elsewhere = { ...body, effective_from: '2099-01-01T05:30:00+05:30' }
    await expectRefusal('/meters/run/prices', elsewhere, 'conflict', [])
  })

  it('one that begins in the past after usage was rated', async () => {
    await api.call('POST', '/usage', { body: { id: randomUUID(), organization, meter: 'run', quantity: '1' } })
    const body = { model: 'per_unit', unit_price: '3', effective_from: minutes(-10) }
    await expectRefusal('/meters/run/prices', body, 'conflict', [])
  })
})
