import { randomUUID } from 'node:crypto'

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import { query } from '@/lib/db/pool'
import { moveTestClock } from '@/lib/db/test-clock'
import { stopApiKeyListening } from '@/lib/organizations/authenticate-api-key'
import { sweepDue } from '@/lib/schedule/sweep-due'
import { AccountPair } from '@/lib/testing/account-pair'
import { openApi, type Answered, type ApiClient } from '@/lib/testing/api'
import type { TestDatabase } from '@/lib/testing/database'
import { openTestDatabase } from '@/lib/testing/environment'
import { readJournal } from '@/lib/testing/journal'
import { definePrice } from '@/lib/testing/ledger-factory'
import { instantOf } from '@/lib/testing/naive-catalogue'
import { readFaults } from '@/lib/testing/whole-books'

/** What the model-based test found, each in its shortest form. Hours are counted from 30 January 2031, 9 o'clock in Tokyo. */
let database: TestDatabase
let api: ApiClient
let organization: string
let accountId: string

beforeAll(async () => {
  database = await openTestDatabase()
  api = await openApi('web-standard handler')
  await definePrice({ key: 'run', name: 'Run', unit: 'count' }, { model: 'per_unit', unit_price: '1' })
  const plan = { name: 'Plan', monthly_price_cents: 0 }
  await api.call('PUT', '/plans/covers', {
    body: { ...plan, allowances: [{ meter: 'run', quantity: '5' }] },
  })
  await api.call('PUT', '/plans/gives', { body: { ...plan, entitlements: [{ asset: 'credit', amount: '4' }] } })
})
afterAll(async () => {
  await api.close()
  await stopApiKeyListening()
  await database.drop()
})
beforeEach(async () => {
  const pair = await AccountPair.open(api)
  organization = pair.organization
  accountId = pair.accountId
})

const once = () => ({ 'idempotency-key': randomUUID() })
const own = (what: string, body?: object) =>
  api.call(body === undefined ? 'GET' : 'PUT', `/organizations/${organization}/${what}`, { ...(body && { body }) })
const grant = (fields: object) =>
  api.call('POST', '/grants', { body: { organization, purpose: 'a test', ...fields }, headers: once() })
const use = (quantity: string, fields: object = {}) =>
  api.call('POST', '/usage', { body: { id: randomUUID(), organization, meter: 'run', quantity, ...fields } })
const authorize = (quantity: string, fields: object = {}) =>
  api.call('POST', '/authorizations', {
    body: { organization, meter: 'run', quantity, expires_in: 3_600, ...fields },
    headers: once(),
  })
const capture = (hold: Answered, quantity: string, fields: object = {}) =>
  api.call('POST', `/authorizations/${String(hold.body['id'])}/capture`, {
    body: { event_id: randomUUID(), quantity, ...fields },
  })
const reverse = (event: Answered) =>
  api.call('POST', `/usage/${String(event.body['id'])}/reversal`, { body: { organization }, headers: once() })
/** Time passes, and nobody has done yet what falls due. */
const pass = (hour: number) => moveTestClock(accountId, instantOf(hour))
const advance = (hour: number) =>
  api.call('POST', `/test_clock/${organization}/advance`, { body: { to: instantOf(hour) } })
const wallet = async () => {
  const wallets = (await own('balance')).body['wallets'] as readonly Readonly<Record<string, unknown>>[]
  return wallets.find(({ asset }) => asset === 'credit')
}
const statuses = async () =>
  (await query('SELECT status FROM hold WHERE account_id = $1', [accountId])).map((row) => row['status'])

describe('an authorization past its time', () => {
  it('is expired by the sweep also where a test clock stands ahead of real time', async () => {
    await grant({ amount: '5' })
    await authorize('3')
    await pass(2)
    await sweepDue({ kind: 'job', task: 'test' }, { now: () => new Date() })
    expect(await statuses()).toEqual(['expired'])
  })

  it.each(['a grant', 'a void', 'a reversal', 'an entitlement'])(
    'frees its credit before %s is written to its wallet',
    async (what) => {
      const first = await grant({ amount: '5', expires_at: instantOf(2) })
      const used = await use('1')
      await authorize('3')
      await pass(3)
      if (what === 'a grant') await grant({ amount: '1' })
      if (what === 'a void') await api.call('POST', `/grants/${String(first.body['id'])}/void`)
      if (what === 'a reversal') await reverse(used)
      if (what === 'an entitlement') await own('plan', { plan: 'gives' })
      expect(await statuses()).toEqual(['expired'])
      expect((await readJournal(accountId))[2]).toBe('expiry -4 credit, Expired: a test')
      expect(await readFaults([accountId])).toEqual([])
    },
  )

  it('gives back what it reserved of limits and allowance when a grant is what frees its credit', async () => {
    await own('plan', { plan: 'covers' })
    await own('limits/day', { scope: 'organization', amount: '3', period: 'total', mode: 'block' })
    await grant({ amount: '5' })
    await authorize('8')
    await pass(2)
    await grant({ amount: '1' })
    const reserved = `SELECT (SELECT sum(reserved) FROM limit_counter WHERE account_id = $1)::text AS limits,
      (SELECT sum(reserved) FROM allowance_usage WHERE account_id = $1)::int AS allowance`
    expect(await query(reserved, [accountId])).toEqual([{ limits: '0', allowance: 0 }])
    expect((await authorize('8')).status).toBe(201)
  })
})

describe('a capture', () => {
  it('in a later plan period takes nothing of the allowance that other authorizations reserved there', async () => {
    await grant({ amount: '9' })
    await own('plan', { plan: 'covers', anchor_day: 31 })
    await advance(14)
    const january = await authorize('5', { expires_in: 86_400 })
    await advance(16)
    const february = await authorize('5')
    expect(february.body).toMatchObject({ amount: '0' })
    expect((await capture(january, '5')).body).toMatchObject({ amount: '5' })
    expect((await capture(february, '5')).body).toMatchObject({ amount: '0' })
  })

  it('is covered by the plan as its authorization was, whatever seat the member has by then', async () => {
    await grant({ amount: '9' })
    await own('plan', { plan: 'covers' })
    const hold = await authorize('5', { member: 'ana' })
    expect(hold.body).toMatchObject({ amount: '0' })
    await own('members/ana', { seat: 'lite', lite_allocation: { asset: 'credit', amount: '3' } })
    expect((await capture(hold, '5')).body).toMatchObject({ amount: '0', balance: '9' })
  })
})

describe('a spend limit', () => {
  it('that comes back into force counts what was spent while it was another', async () => {
    await grant({ amount: '9' })
    const limit = { scope: 'organization', amount: '3', mode: 'block' }
    await own('limits/one', { ...limit, period: 'total' })
    await use('1')
    await own('limits/one', { ...limit, period: 'day' })
    await use('2')
    await own('limits/one', { ...limit, period: 'total' })
    expect((await use('1')).body).toMatchObject({ code: 'spend_limit_exceeded', limit: 'one' })
  })
})

describe('a reversal', () => {
  it('gives credit no longer than the period whose entitlement had repaid the charge', async () => {
    const hold = await authorize('0')
    const over = { event_id: randomUUID(), quantity: '4' }
    await api.call('POST', `/authorizations/${String(hold.body['id'])}/capture`, { body: over })
    expect(await wallet()).toMatchObject({ debt: '4' })
    await own('plan', { plan: 'gives', anchor_day: 31 })
    expect(await wallet()).toMatchObject({ debt: '0' })
    const path = `/usage/${over.event_id}/reversal`
    expect((await api.call('POST', path, { body: { organization }, headers: once() })).status).toBe(201)
    expect(await wallet()).toMatchObject({ next_expiry: { amount: '4', at: instantOf(15).toISOString() } })
  })
})
