import { randomUUID } from 'node:crypto'

import pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import { query } from '@/lib/db/pool'
import { stopApiKeyListening } from '@/lib/organizations/authenticate-api-key'
import { AccountPair } from '@/lib/testing/account-pair'
import { openApi, type Answered, type ApiClient } from '@/lib/testing/api'
import { whileInsertsCrash } from '@/lib/testing/crash'
import type { TestDatabase } from '@/lib/testing/database'
import { openTestDatabase } from '@/lib/testing/environment'
import { readJournal } from '@/lib/testing/journal'
import { definePrice } from '@/lib/testing/ledger-factory'
import { readFaults } from '@/lib/testing/whole-books'

import { moveMemberDebts } from './move-member-debt'

/** Leo has a Lite allocation of 2 a month; the pool has 5. One unit costs 1 credit. */
let database: TestDatabase
let api: ApiClient
let organization: string
let accountId: string

beforeAll(async () => {
  database = await openTestDatabase()
  api = await openApi('web-standard handler')
  await definePrice({ key: 'run', name: 'Run', unit: 'count' }, { model: 'per_unit', unit_price: '1' })
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
  await api.call('POST', '/grants', { body: { organization, purpose: 'a test', amount: '5' }, headers: once() })
  expect((await seat('lite')).status).toBe(200)
})

const once = () => ({ 'idempotency-key': randomUUID() })
const seat = (name: 'lite' | 'pro') =>
  api.call('PUT', `/organizations/${organization}/members/leo`, {
    body: name === 'pro' ? { seat: 'pro' } : { seat: 'lite', lite_allocation: { asset: 'credit', amount: '2' } },
  })
const authorize = (quantity: string) =>
  api.call('POST', '/authorizations', {
    body: { organization, member: 'leo', meter: 'run', quantity, expires_in: 3_600 },
    headers: once(),
  })
const capture = (hold: Answered, quantity: string) =>
  api.call('POST', `/authorizations/${String(hold.body['id'])}/capture`, {
    body: { event_id: randomUUID(), quantity },
  })
const look = () => moveMemberDebts({ kind: 'job', task: 'test' }, accountId, { now: () => new Date() })
const balances = async () =>
  (
    await query(
      'SELECT (balance / 1000000000)::int AS balance FROM wallet WHERE account_id = $1 ORDER BY member_id NULLS FIRST',
      [accountId],
    )
  ).map((row) => row['balance'])
const adjustments = async () => (await readJournal(accountId)).filter((entry) => entry.startsWith('adjustment')).sort()
async function queued(): Promise<readonly string[]> {
  const client = new pg.Client({ connectionString: database.url })
  await client.connect()
  const sql = 'SELECT task_identifier AS task FROM graphile_worker.jobs WHERE key = $1'
  const { rows } = await client.query<{ task: string }>(sql, [`member_debt:${accountId}`])
  await client.end()
  return rows.map(({ task }) => task)
}

const IN_POOL = 'adjustment -2 credit, Paid from the pool: what leo owed before going to Pro'
const OF_LEO = 'adjustment 2 credit, Paid from the pool: what leo owed before going to Pro'

describe('what a member owes', () => {
  it('is paid from the pool when they are Pro by the time the work is captured, once', async () => {
    const hold = await authorize('2')
    await seat('pro')
    await capture(hold, '4')
    expect(await balances()).toEqual([5, -2])
    expect(await queued()).toEqual(['move_member_debt'])
    await Promise.all([look(), look(), seat('pro'), look()])
    await look()
    expect(await balances()).toEqual([3, 0])
    expect(await adjustments()).toEqual([IN_POOL, OF_LEO])
    expect(await readFaults([accountId])).toEqual([])
  })

  it('is paid from the pool when they go to Pro, and what the pool has not got becomes its debt', async () => {
    const hold = await authorize('2')
    await capture(hold, '9')
    expect(await balances()).toEqual([5, -7])
    await seat('pro')
    expect(await balances()).toEqual([-2, 0])
    expect(await readFaults([accountId])).toEqual([])
  })

  it('stays theirs while they have a Lite seat: there the next allocation repays it', async () => {
    const hold = await authorize('2')
    await capture(hold, '4')
    await look()
    await seat('lite')
    expect(await balances()).toEqual([5, -2])
    expect(await adjustments()).toEqual([])
  })

  it('is moved whole or not at all when the process dies between the two entries', async () => {
    const hold = await authorize('2')
    await seat('pro')
    await capture(hold, '4')
    await whileInsertsCrash(database.url, 'entry', `NEW.amount > 0 AND NEW.kind = 'adjustment'`, async () => {
      await expect(look()).rejects.toThrow()
    })
    expect(await balances()).toEqual([5, -2])
    await look()
    expect(await balances()).toEqual([3, 0])
    expect(await adjustments()).toEqual([IN_POOL, OF_LEO])
  })
})
