import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { query } from '@/lib/db/pool'
import type { TestDatabase } from '@/lib/testing/database'
import { openTestDatabase } from '@/lib/testing/environment'
import { valueOf } from '@/lib/testing/ledger'
import { definePrice, giveCredit } from '@/lib/testing/ledger-factory'
import { BACKEND, openRunBench, type RunBench } from '@/lib/testing/runs'

import { advanceTestClock } from './advance-test-clock'

let database: TestDatabase

beforeAll(async () => {
  database = await openTestDatabase()
  await definePrice({ key: 'gpu_second', name: 'GPU', unit: 'second' }, { model: 'per_unit', unit_price: '0.001' })
  await definePrice({ key: 'gpu_hour', name: 'GPU S', unit: 'hour' }, { model: 'per_unit', unit_price: '0.6' })
})
afterAll(() => database.drop())

const at = ({ clock }: RunBench, seconds: number) => new Date(clock.now().getTime() + Math.round(seconds * 1_000))

async function advance(bench: RunBench, seconds: number): Promise<void> {
  const to = at(bench, seconds).toISOString()
  valueOf(await advanceTestClock(BACKEND, bench.account.externalId, { to }, bench.clock))
}

async function drawnFrom(grantId: string): Promise<bigint> {
  const [row] = await query(`SELECT amount - remaining AS drawn FROM credit_grant WHERE id = $1`, [grantId])
  return row?.['drawn'] as bigint
}

describe('a run while a test clock is moved', () => {
  it('is billed to the very instant at which the clock comes to stand', async () => {
    const bench = await openRunBench({}, '10')
    const id = await bench.run('gpu_second')
    await advance(bench, 25.4)
    expect(await bench.read(id)).toMatchObject({ status: 'running', billed_quantity: '26' })
    await advance(bench, 3 * 86_400)
    expect(await bench.read(id)).toMatchObject({ status: 'stopped', stop_reason: 'insufficient_credits' })
    const [days] = await query('SELECT sum(quantity)::text AS quantity FROM daily_usage WHERE account_id = $1', [
      bench.account.id,
    ])
    expect(days).toEqual({ quantity: '10046.000000000000' })
  })

  it('is paid from credit that expires until the instant at which it does, and not from it afterwards', async () => {
    const bench = await openRunBench({}, '10')
    const { grantId } = await giveCredit(bench.account.id, {
      amount: '100',
      at: bench.clock.now(),
      expiresAt: at(bench, 1_800),
    })
    const id = await bench.run('gpu_second')
    await advance(bench, 3_600)
    expect(await bench.read(id)).toMatchObject({ billed_quantity: '3600', amount: '3.6' })
    const expired = await query(`SELECT amount FROM entry WHERE account_id = $1 AND kind = 'expiry'`, [
      bench.account.id,
    ])
    expect(expired).toEqual([{ amount: -98_200_000_000n }])
    expect(await drawnFrom(grantId)).toBe(100_000_000_000n)
    expect((await bench.wallet()).balance).toBe(8_200_000_000n)
  })

  it('resumes at the instant at which credit arrives, not with the next hour', async () => {
    const bench = await openRunBench({ at_zero: 'pause_runs' }, '0.6')
    const id = await bench.run('gpu_hour')
    await advance(bench, 9_000)
    expect(await bench.read(id)).toMatchObject({ status: 'paused', billed_quantity: '1' })
    await giveCredit(bench.account.id, { amount: '6', at: at(bench, 9_000) })
    await advance(bench, 9_060)
    expect(await bench.read(id)).toMatchObject({ status: 'running', billed_quantity: '2' })
    await advance(bench, 9_000 + 3_600)
    expect(await bench.read(id)).toMatchObject({ billed_quantity: '2' })
    await advance(bench, 9_000 + 3_601)
    expect(await bench.read(id)).toMatchObject({ billed_quantity: '3' })
  })
})
