import { randomUUID } from 'node:crypto'

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import { query } from '@/lib/db/pool'
import { stopApiKeyListening } from '@/lib/organizations/authenticate-api-key'
import { AccountPair } from '@/lib/testing/account-pair'
import { openApi, type Answered, type ApiClient } from '@/lib/testing/api'
import { whileInsertsCrash } from '@/lib/testing/crash'
import type { TestDatabase } from '@/lib/testing/database'
import { openTestDatabase } from '@/lib/testing/environment'
import { definePrice } from '@/lib/testing/ledger-factory'
import { readFaults } from '@/lib/testing/whole-books'

/** It is 30 January 2031, 9 o'clock in Tokyo, by the account's test clock. The plan covers 5 units a month; one unit costs 1 credit. */
let database: TestDatabase
let api: ApiClient
let organization: string
let accountId: string

beforeAll(async () => {
  database = await openTestDatabase()
  api = await openApi('web-standard handler')
  await definePrice({ key: 'run', name: 'Run', unit: 'count' }, { model: 'per_unit', unit_price: '1' })
  const plan = { name: 'Plan', monthly_price_cents: 0, allowances: [{ meter: 'run', quantity: '5' }] }
  await api.call('PUT', '/plans/covers', { body: plan })
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
  const body = { organization, purpose: 'a test', amount: '1000' }
  await api.call('POST', '/grants', { body, headers: once() })
})

const once = () => ({ 'idempotency-key': randomUUID() })
const begin = (day: number | null, isDryRun = false) =>
  api.call('PUT', `/organizations/${organization}/plan${isDryRun ? '?dry_run=true' : ''}`, {
    body: day === null ? { plan: null } : { plan: 'covers', anchor_day: day },
  })
const use = (quantity: string, fields: object = {}) =>
  api.call('POST', '/usage', { body: { id: randomUUID(), organization, meter: 'run', quantity, ...fields } })
const authorize = (quantity: string) =>
  api.call('POST', '/authorizations', {
    body: { organization, meter: 'run', quantity, expires_in: 3_600 },
    headers: once(),
  })
const closeHold = (hold: Answered, how: 'capture' | 'release', body: object) =>
  api.call('POST', `/authorizations/${String(hold.body['id'])}/${how}`, { body })
const chargedFor = async (quantity: string, fields: object = {}) => (await use(quantity, fields)).body['amount']
const reserved = async () =>
  (
    await query(
      'SELECT sum(reserved)::int AS sum, min(reserved)::int AS least FROM allowance_usage WHERE account_id = $1',
      [accountId],
    )
  )[0]

describe('another anchor day', () => {
  it('covers nothing again: what the running period covered counts on, however often the day is moved', async () => {
    await begin(1)
    expect(await chargedFor('5')).toBe('0')
    for (const day of [2, 3, 4, 30, 1]) {
      const preview = await begin(day, true)
      expect(preview.body).toMatchObject({ allowances: [{ meter: 'run', after: '5', used: '5', left: '0' }] })
      expect((await begin(day)).body).toEqual({ ...preview.body, dry_run: false })
      expect(await chargedFor('5')).toBe('5')
    }
    expect(await readFaults([accountId])).toEqual([])
  })

  it('covers what is left of the period, also where the plan was left in between', async () => {
    await begin(1)
    expect(await chargedFor('2')).toBe('0')
    await begin(null)
    await begin(20)
    expect(await chargedFor('2')).toBe('0')
    await begin(1)
    expect(await chargedFor('2')).toBe('1')
  })

  it('covers nothing again of usage that is reported late, into a period before by the new day', async () => {
    await begin(1)
    expect(await chargedFor('5')).toBe('0')
    await begin(30)
    expect(await chargedFor('5', { occurred_at: '2031-01-29T09:00:00+09:00' })).toBe('5')
    expect(await chargedFor('5')).toBe('5')
  })

  it('keeps what open authorizations have reserved, and giving it back ends at zero', async () => {
    await begin(1)
    const [captured, released] = [await authorize('2'), await authorize('1')]
    expect([captured.body['amount'], released.body['amount']]).toEqual(['0', '0'])
    const preview = await begin(15, true)
    expect(preview.body).toMatchObject({ allowances: [{ used: '3', left: '2' }] })
    expect((await begin(15)).body).toMatchObject({ allowances: [{ used: '3', left: '2' }] })
    expect(await chargedFor('5')).toBe('3')
    expect((await closeHold(released, 'release', {})).status).toBe(200)
    const use2 = { event_id: randomUUID(), quantity: '2' }
    expect((await closeHold(captured, 'capture', use2)).body).toMatchObject({ amount: '0' })
    expect(await reserved()).toEqual({ sum: 0, least: 0 })
    await begin(1)
    expect(await chargedFor('5')).toBe('4')
    expect(await readFaults([accountId])).toEqual([])
  })

  it('covers the allowance once while usage is recorded and the day is moved at the same time', async () => {
    await begin(1)
    const days = Array.from({ length: 12 }, (_, index) => begin((index % 28) + 1))
    const used = Array.from({ length: 40 }, () => chargedFor('1'))
    await Promise.all(days)
    const charged = (await Promise.all(used)).filter((amount) => amount === '1')
    expect(charged).toHaveLength(35)
  })

  it('is moved whole or not at all when the process dies in between', async () => {
    await begin(1)
    expect(await chargedFor('5')).toBe('0')
    await whileInsertsCrash(database.url, 'allowance_usage', 'true', async () => {
      expect((await begin(9)).status).toBeGreaterThanOrEqual(500)
    })
    expect((await begin(1, true)).body).toMatchObject({ anchor_day: { before: 1 } })
    expect((await begin(9)).body).toMatchObject({ allowances: [{ used: '5' }] })
    expect(await chargedFor('1')).toBe('1')
  })
})
