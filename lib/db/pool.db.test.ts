import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'

import type { TestDatabase } from '@/lib/testing/database'
import { openTestDatabase } from '@/lib/testing/environment'

import type * as pool from './pool'

type Pool = typeof pool
type Tx = pool.Tx

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

  it('runs statements that are asked for together one after another, and keeps none of them when one fails', async () => {
    const add = (tx: Tx, key: string) =>
      tx.query('INSERT INTO rate_limit (key, points) VALUES ($1, 1) RETURNING key', [key])
    const count = `SELECT count(*) AS count FROM rate_limit WHERE key LIKE 'together-%'`
    const counts = await front.inTransaction((tx) =>
      Promise.all([tx.query(count), add(tx, 'together-1'), tx.query(count), add(tx, 'together-2'), tx.query(count)]),
    )
    expect([counts[0], counts[2], counts[4]]).toEqual([[{ count: 0n }], [{ count: 1n }], [{ count: 2n }]])

    const failing = front.inTransaction((tx) =>
      Promise.all([add(tx, 'together-3'), add(tx, 'together-1'), add(tx, 'together-4')]),
    )
    await expect(failing).rejects.toMatchObject({ code: '23505' })
    expect(await front.query(count)).toEqual([{ count: 2n }])
  })

  it('says why a transaction failed, also where a statement after the failed one is heard of first', async () => {
    const slowlyHeard = async (tx: Tx) => {
      const failed = await tx.query('SELECT 1 / 0').then(null, (error: unknown) => Promise.resolve().then(() => error))
      throw failed
    }
    const failing = front.inTransaction((tx) => Promise.all([slowlyHeard(tx), tx.query('SELECT 1')]))
    await expect(failing).rejects.toMatchObject({ code: '22012' })
  })

  it('refuses a statement that comes when its transaction has ended', async () => {
    let kept: Tx | undefined
    await front.inTransaction((tx) => {
      kept = tx
      return tx.query('SELECT 1')
    })
    await expect(kept?.query('SELECT 1')).rejects.toThrow('has ended')
  })
})
