import { randomUUID } from 'node:crypto'

import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { query } from '@/lib/db/pool'
import { stopApiKeyListening } from '@/lib/organizations/authenticate-api-key'
import { openApi, type Answered, type ApiClient } from '@/lib/testing/api'
import type { TestDatabase } from '@/lib/testing/database'
import { openTestDatabase } from '@/lib/testing/environment'

const TABLES = [
  'organization',
  'billing_account',
  'wallet',
  'credit_grant',
  'entry',
  'allocation',
  'usage_event',
  'daily_usage',
  'period_usage',
  'price',
  'meter',
  'asset',
  'idempotency_record',
  'grant_owner',
]
const COUNT_ROWS = `SELECT ${TABLES.map((table) => `(SELECT count(*) FROM ${table})`).join(' + ')} AS rows`

let database: TestDatabase
let api: ApiClient
const organization = `org-${randomUUID()}`

beforeAll(async () => {
  database = await openTestDatabase()
  api = await openApi('node:http front')
  await api.call('POST', '/organizations', { body: { external_id: organization, name: 'Acme' } })
  await api.call('PUT', '/meters/run', { body: { name: 'Run', unit: 'count' } })
  await give('POST', '/meters/run/prices', { model: 'per_unit', unit_price: '1' })
  await give('POST', '/grants', { organization, amount: '1000', purpose: 'a test' })
  await give('POST', '/usage', { ...usage(), id: 'charged', quantity: '10' })
})
afterAll(async () => {
  await api.close()
  await stopApiKeyListening()
  await database.drop()
})

function give(method: string, path: string, body: unknown): Promise<Answered> {
  return api.call(method, path, { body, headers: { 'idempotency-key': randomUUID() } })
}

async function countRows(): Promise<bigint> {
  const [row] = await query(COUNT_ROWS)
  return row?.['rows'] as bigint
}

/** Whatever was sent: a typed answer, and a refusal that has written nothing. */
async function expectTyped(send: () => Promise<Answered>): Promise<void> {
  const before = await countRows()
  const { status, body, headers } = await send()
  expect(status).toBeLessThan(500)
  if (status < 400) return
  expect(body).toMatchObject({ status, request_id: headers.get('x-request-id') })
  expect(await countRows()).toBe(before)
}

const POSTS = [
  ['POST', '/organizations'],
  ['POST', '/usage'],
  ['POST', '/usage/batch'],
  ['POST', '/usage/charged/reversal'],
  ['POST', '/grants'],
  ['POST', '/meters/run/prices'],
  ['PUT', '/assets/gold'],
  ['PUT', '/meters/other'],
  ['PUT', `/organizations/${organization}/policy`],
  ['POST', `/test_clock/${organization}/advance`],
] as const

const hostileValue = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    -0,
    1e400,
    2 ** 53,
    -1,
    '',
    '\u0000',
    'a\u0000b',
    '\ud800',
    '\u2028',
    '１２',
    '1e9',
    '0x10',
    'NaN',
    '-0',
    '9'.repeat(60),
    '0000-01-01T00:00:00Z',
    '9999-12-31T23:59:59-23:59',
    '2026-02-30T00:00:00Z',
    "'; DROP TABLE entry; --",
    'x'.repeat(5000),
    [],
    {},
    [[[[]]]],
    { toString: 1 },
    { constructor: { prototype: 1 } },
  ),
  fc.jsonValue(),
  fc.string({ unit: 'binary' }),
)

const VALID: Readonly<Record<string, object>> = {
  '/organizations': { external_id: 'x', name: 'X', email: 'a@b.co', time_zone: 'UTC' },
  '/usage': {
    id: 'e',
    organization,
    meter: 'run',
    quantity: '1',
    occurred_at: '2026-11-23T00:00:00Z',
    member: 'm',
    model: 'm',
    dimensions: { a: 'b' },
    cost: '1',
  },
  '/usage/batch': { events: [{ id: 'e', organization, meter: 'run', quantity: '1' }] },
  '/usage/charged/reversal': { organization, amount: '0.001' },
  '/grants': {
    organization,
    asset: 'credit',
    amount: '1',
    purpose: 'p',
    source: 'promo',
    priority: 1,
    effective_at: '2026-11-23T00:00:00Z',
    expires_at: '2099-01-01T00:00:00Z',
    scope: { meters: ['run'] },
    cost_basis_cents: 1,
  },
  '/meters/run/prices': {
    model: 'matrix',
    dimensions: ['d'],
    rows: [{ match: { d: 'x' }, unit_price: '1' }],
    asset: 'credit',
    period: 'month',
    minimum_quantity: '1',
    effective_from: '2099-01-01T00:00:00Z',
  },
  '/assets/gold': { name: 'Gold', scale: 0, usd_price: '1' },
  [`/test_clock/${organization}/advance`]: { to: '2026-01-01T00:00:00Z' },
  '/meters/other': { name: 'Other', unit: 'second', heartbeat_timeout_seconds: 1 },
}

describe('hostile requests', () => {
  it.each(POSTS)(
    '%s %s answers any JSON with a type, never a 500, and writes nothing when it refuses',
    async (method, path) => {
      await fc.assert(
        fc.asyncProperty(fc.jsonValue(), (body) => expectTyped(() => give(method, path, body))),
        { numRuns: 25 },
      )
    },
  )

  it.each(POSTS)('%s %s does so when one field of a good body is hostile', async (method, path) => {
    const good = VALID[path] ?? { at_zero: 'deny', overdraft_limit: '1' }
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...Object.keys(good), '__proto__', 'constructor'),
        hostileValue,
        (field, value) => {
          const body = Object.fromEntries([...Object.entries(good), [field, value]])
          return expectTyped(() => give(method, path, body))
        },
      ),
      { numRuns: 60 },
    )
  })

  it('POST /usage answers any bytes with a type', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), (bytes) =>
        expectTyped(() => api.call('POST', '/usage', { raw: new Uint8Array(bytes) })),
      ),
      { numRuns: 60 },
    )
  })

  it('any path and query is answered with a type', async () => {
    const part = fc.oneof(
      fc.string({ unit: 'binary' }).map((text) => encodeURIComponent(text)),
      fc.constantFrom('%', '%zz', '%00', '%ff', '..', '%2e%2e', '%2F', '__proto__', 'x'.repeat(2500)),
    )
    await fc.assert(
      fc.asyncProperty(part, part, fc.constantFrom('', '/balance', '/entries', '/grants'), (name, value, tail) =>
        expectTyped(() => api.call('GET', `/organizations/${name}${tail}?starting_after=${value}`)),
      ),
      { numRuns: 80 },
    )
  })

  it('one hostile event of a batch never changes what becomes of its neighbours', async () => {
    await fc.assert(
      fc.asyncProperty(hostileValue, async (hostile) => {
        const events = [usage(), hostile, { ...usage(), dimensions: hostile }, usage()]
        const { status, body } = await api.call('POST', '/usage/batch', { body: { events } })
        expect(status).toBe(200)
        const results = body['results'] as readonly { outcome?: string; error?: { status: number } }[]
        expect([results[0]?.outcome, results[3]?.outcome]).toEqual(['charged', 'charged'])
        for (const result of results) expect(result.error?.status ?? 200).toBeLessThan(500)
      }),
      { numRuns: 60 },
    )
  })
})

function usage() {
  return { id: `evt-${randomUUID()}`, organization, meter: 'run', quantity: '1' }
}
