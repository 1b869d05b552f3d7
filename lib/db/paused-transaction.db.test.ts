import pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'

import type { TestDatabase } from '@/lib/testing/database'
import { openTestDatabase } from '@/lib/testing/environment'

import { inTransaction, query } from './pool'

let database: TestDatabase

beforeAll(async () => {
  database = await openTestDatabase()
})

afterAll(() => database.drop())

it('bounds how long a transaction may pause, so that a frozen process does not hold a wallet for ever', async () => {
  const [setting] = await query('SHOW idle_in_transaction_session_timeout')
  expect(setting).toEqual({ idle_in_transaction_session_timeout: '30s' })
})

it('fails a transaction whose session the server has ended, and goes on with the next', async () => {
  const paused = inTransaction(async (tx) => {
    await tx.query("SET LOCAL idle_in_transaction_session_timeout = '1ms'")
    const watcher = new pg.Client(database.url)
    await watcher.connect()
    const others = `SELECT FROM pg_stat_activity WHERE application_name = 'purser' AND state LIKE 'idle in transaction%'
      AND datname = current_database()`
    while ((await watcher.query(others)).rowCount !== 0) await new Promise(setImmediate)
    await watcher.end()
    return tx.query('SELECT 1')
  })
  await expect(paused).rejects.toThrow()
  expect(await query('SELECT 1 AS one')).toEqual([{ one: 1 }])
})
