import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'

import type { TestDatabase } from '@/lib/testing/database'
import { openTestDatabase } from '@/lib/testing/environment'

import type * as pool from './pool'

type Pool = typeof pool

let database: TestDatabase
let front: Pool
let next: Pool

beforeAll(async () => {
  database = await openTestDatabase()
  front = await import('./pool')
  front.pool()
  vi.resetModules()
  next = await import('./pool')
}, 60_000)

afterAll(() => database.drop())

describe('the pool', () => {
  it('serves two copies of this module in one process: the front and Next each have their own', async () => {
    expect(next.inTransaction).not.toBe(front.inTransaction)
    expect(next.pool()).toBe(front.pool())
    for (let round = 0; round < 5; round += 1) {
      const one = await front.inTransaction((tx) => tx.query('SELECT 1::bigint AS one'))
      const two = await next.inTransaction((tx) => tx.query('SELECT 2::bigint AS two'))
      expect([one, two]).toEqual([[{ one: 1n }], [{ two: 2n }]])
    }
  })
})
