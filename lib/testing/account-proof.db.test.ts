import { randomUUID } from 'node:crypto'

import pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import { findAccountBreaches } from './account-proof'
import type { TestDatabase } from './database'
import { openTestDatabase } from './environment'
import { definePrice, giveCredit, useMeter } from './ledger-factory'
import { createOrganization } from './organization'

const NOW = new Date('2026-11-23T12:00:00Z')

let database: TestDatabase
let owner: pg.Client
let accountId: string

beforeAll(async () => {
  database = await openTestDatabase()
  owner = new pg.Client({ connectionString: database.url })
  await owner.connect()
  // Nobody can change the journal while its triggers stand.
  await owner.query('SET session_replication_role = replica')
  await definePrice({ key: 'run', name: 'Runs', unit: 'count' }, { model: 'per_unit', unit_price: '1' })
})
afterAll(async () => {
  await owner.end()
  await database.drop()
})

beforeEach(async () => {
  const { account } = await createOrganization(NOW, 'America/New_York')
  accountId = account.id
  await giveCredit(accountId, { amount: '10', at: NOW })
  await useMeter(account, NOW, [
    { meter: 'run', quantity: '2', id: `evt-${randomUUID()}`, occurred_at: '2026-11-23T03:00:00Z' },
    { meter: 'run', quantity: '3', id: `evt-${randomUUID()}` },
  ])
})

describe('the proof of an account', () => {
  it('finds nothing in books that nobody has touched', async () => {
    expect(await findAccountBreaches(accountId, NOW)).toEqual([])
  })

  it.each([
    ['the balance of a wallet', 'UPDATE wallet SET balance = balance + 1 WHERE account_id = $1'],
    ['what a grant has left', 'UPDATE credit_grant SET remaining = remaining - 1 WHERE account_id = $1'],
    ['a pin without a hold', 'UPDATE credit_grant SET held = 1 WHERE account_id = $1'],
    ['a description', `UPDATE entry SET description = 'Other' WHERE account_id = $1 AND sequence = 2`],
    ['an amount', 'UPDATE entry SET amount = amount - 1 WHERE account_id = $1 AND sequence = 3'],
    ['an allocation', 'UPDATE allocation SET amount = amount + 1 WHERE account_id = $1'],
    ['a missing entry', 'DELETE FROM entry WHERE account_id = $1 AND sequence = 2'],
    ['the amount of an event', 'UPDATE usage_event SET amount = amount + 1 WHERE account_id = $1'],
    ['the amount of a day', 'UPDATE daily_usage SET amount = amount + 1 WHERE account_id = $1'],
    ['a missing day', `DELETE FROM daily_usage WHERE account_id = $1 AND day = '2026-11-22'`],
    ['a day that is another', `UPDATE daily_usage SET day = '2026-11-20' WHERE account_id = $1 AND day = '2026-11-22'`],
  ])('finds %s', async (_what, forgery) => {
    await owner.query(forgery, [accountId])
    expect(await findAccountBreaches(accountId, NOW)).not.toEqual([])
  })
})
