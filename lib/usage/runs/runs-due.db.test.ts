import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'

import { readTerms, touchAccountTerms } from '@/lib/db/account-terms'
import { lockBook } from '@/lib/db/books'
import { inTransaction, query } from '@/lib/db/pool'
import { readId } from '@/lib/db/ids'
import * as runs from '@/lib/db/runs'
import { CREDIT_SCALE } from '@/lib/money/amount'
import type { TestDatabase } from '@/lib/testing/database'
import { openTestDatabase } from '@/lib/testing/environment'
import { killWaiting } from '@/lib/testing/kill-waiting'
import { valueOf } from '@/lib/testing/ledger'
import { definePrice } from '@/lib/testing/ledger-factory'
import { BACKEND, openRunBench, WORKER, type RunBench } from '@/lib/testing/runs'

import { lookAtRun } from './look-at-run'
import { lookAtDueRuns, runSource } from './runs-due'

let database: TestDatabase

beforeAll(async () => {
  database = await openTestDatabase()
  await definePrice({ key: 'gpu_second', name: 'GPU', unit: 'second' }, { model: 'per_unit', unit_price: '0.0001' })
  await definePrice({ key: 'gpu_hour', name: 'GPU S', unit: 'hour' }, { model: 'per_unit', unit_price: '0.6' })
  await definePrice({ key: 'watched_second', name: 'GPU', unit: 'second' }, { model: 'per_unit', unit_price: '0.0001' })
  await query(`UPDATE meter SET heartbeat_timeout_seconds = 300 WHERE key = 'watched_second'`)
  await query(`UPDATE catalogue_version SET version = version + 1`)
})
afterAll(() => database.drop())

const bench = () => openRunBench({}, '100')
const units = (stretches: Awaited<ReturnType<RunBench['events']>>) => stretches.map(({ quantity }) => quantity)

function uuidOf(id: string): string {
  const uuid = readId('run', id)
  if (uuid === null) throw new Error(`not the id of a run: ${id}`)
  return uuid
}

async function moveClock(own: RunBench, at: Date): Promise<void> {
  await inTransaction(async (tx) => {
    await tx.query('UPDATE billing_account SET clock_at = $2 WHERE id = $1', [own.account.id, at])
    await touchAccountTerms(tx, own.account.id)
  })
}

describe('a running run', () => {
  it('is billed about once a minute by the worker, each stretch once', async () => {
    const own = await bench()
    const id = await own.run('gpu_second')
    for (const seconds of [59, 1, 30, 31, 60]) {
      own.wait(seconds)
      await own.sweep()
    }
    expect(await own.read(id)).toMatchObject({ billed_quantity: '181' })
    expect(await own.events()).toMatchObject([
      { id: `${id}:0`, quantity: '60' },
      { id: `${id}:60`, quantity: '61' },
      { id: `${id}:121`, quantity: '60' },
    ])
  })

  it('of an hour is due when the next one has begun', async () => {
    const own = await bench()
    await own.run('gpu_hour')
    const due = new Date(own.clock.now().getTime() + 3_600_001)
    expect(await runSource.nextDue(own.account.id)).toEqual(due)
    expect(await runSource.dueAccounts(new Date(due.getTime() - 1), 1_000)).not.toContain(own.account.id)
    expect(await runSource.dueAccounts(due, 1_000)).toContain(own.account.id)
  })

  it('is due by the test clock of its account, and later than the instant that was worked', async () => {
    const own = await bench()
    await own.run('gpu_second')
    const standing = new Date(own.clock.now().getTime() + 7_200_000)
    await moveClock(own, standing)
    expect(await runSource.dueAccounts(own.clock.now(), 1_000)).toContain(own.account.id)
    await runSource.work(WORKER, own.account.id, standing)
    expect(await runSource.nextDue(own.account.id)).toEqual(new Date(standing.getTime() + 3_600_000))
    expect(units(await own.events())).toEqual(['3600', '3600'])
    expect(await runSource.dueAccounts(new Date('2030-01-01'), 1_000)).not.toContain(own.account.id)
  })

  it('that was left alone for long is billed in steps of an hour, each in the day of the account in which it lies', async () => {
    const own = await bench()
    await query(
      `UPDATE billing_account SET time_zone = 'Asia/Kolkata', terms_version = terms_version + 1 WHERE id = $1`,
      [own.account.id],
    )
    await own.run('gpu_second')
    own.wait(8 * 3_600)
    await own.sweep()
    expect(units(await own.events())).toEqual(['3600', '3600', '3600', '3600', '3600', '3600', '1800', '3600', '1800'])
    const days = await query('SELECT day, quantity, amount FROM daily_usage WHERE account_id = $1 ORDER BY day', [
      own.account.id,
    ])
    expect(days).toEqual([
      { day: '2026-11-23', quantity: '23400.000000000000', amount: '2340000000' },
      { day: '2026-11-24', quantity: '5400.000000000000', amount: '540000000' },
    ])
  })

  it('is charged at the price in force when each unit began', async () => {
    const own = await bench()
    await definePrice({ key: 'dearer_second', name: 'GPU', unit: 'second' }, { model: 'per_unit', unit_price: '0.001' })
    const id = await own.run('dearer_second')
    await query(
      `INSERT INTO price (mode, id, meter_key, asset_code, definition, effective_from, created_at)
       SELECT mode, gen_random_uuid(), meter_key, asset_code, '{"model": "per_unit", "unit_price": "0.01"}', $1, created_at
       FROM price WHERE meter_key = 'dearer_second'`,
      [new Date(own.clock.now().getTime() + 30_500)],
    )
    await query('UPDATE catalogue_version SET version = version + 1')
    own.wait(60)
    expect(valueOf(await own.say('stop', id))).toMatchObject({ billed_quantity: '60', amount: '0.321' })
  })
})

describe('looking at the same run', () => {
  it('by many at once bills each second once', async () => {
    const own = await bench()
    const id = await own.run('gpu_second')
    own.wait(600)
    const now = own.clock.now()
    const looks = Array.from({ length: 8 }, () => lookAtDueRuns(WORKER, own.account.id, now))
    await Promise.all([...looks, own.say('heartbeat', id), own.say('heartbeat', id)])
    expect(await own.read(id)).toMatchObject({ billed_quantity: '600', amount: '0.06' })
    expect((await own.wallet()).balance).toBe(99_940_000_000n)
    own.wait(0.4)
    await Promise.all([own.say('stop', id), own.sweep(), own.say('stop', id)])
    expect(await own.read(id)).toMatchObject({ status: 'stopped', billed_quantity: '601', amount: '0.0601' })
  })

  it('at different instants at once bills no second twice', async () => {
    const own = await bench()
    const id = await own.run('gpu_second')
    own.wait(120)
    const terms = await readTerms(own.account.id)
    const ends = [40, 80, 100, 120].map((seconds) => new Date(own.clock.now().getTime() - (120 - seconds) * 1_000))
    await Promise.all(ends.map((now) => lookAtRun({ actor: WORKER, terms, now }, uuidOf(id), now)))
    await own.sweep()
    expect(valueOf(await own.say('stop', id))).toMatchObject({ billed_quantity: '120', amount: '0.012' })
    expect((await own.wallet()).balance).toBe(99_988_000_000n)
  })

  it('is done by the worker alone', async () => {
    const own = await bench()
    expect(await lookAtDueRuns(BACKEND, own.account.id, own.clock.now())).toEqual({
      ok: false,
      error: { code: 'forbidden' },
    })
  })
})

describe('a crash', () => {
  it('between a usage event and its run’s row bills nothing twice, and the row follows', async () => {
    const own = await bench()
    const id = await own.run('gpu_second')
    own.wait(60)
    const crash = vi.spyOn(runs, 'billRun').mockRejectedValueOnce(new Error('cut off'))
    await expect(own.sweep()).rejects.toThrow('cut off')
    crash.mockRestore()
    expect(units(await own.events())).toEqual(['60'])
    expect(await own.read(id)).toMatchObject({ billed_quantity: '0', amount: '0' })
    own.wait(7)
    await own.sweep()
    expect(await own.read(id)).toMatchObject({ billed_quantity: '67', amount: '0.0067' })
    expect(units(await own.events())).toEqual(['60', '7'])
  })

  it('between a stop and its last usage event leaves the rest to the worker', async () => {
    const own = await bench()
    const id = await own.run('gpu_second')
    own.wait(25.4)
    const crash = vi.spyOn(runs, 'findRun').mockRejectedValueOnce(new Error('cut off'))
    await expect(own.say('stop', id)).rejects.toThrow('cut off')
    crash.mockRestore()
    expect(await own.read(id)).toMatchObject({ status: 'stopped', billed_quantity: '0' })
    own.wait(900)
    await own.sweep()
    expect(await own.read(id)).toMatchObject({ status: 'stopped', billed_quantity: '26', amount: '0.0026' })
    expect(await runSource.nextDue(own.account.id)).toBeNull()
  })

  it('of the server’s session that was to record the end of a run leaves it stopped, and said again it is billed', async () => {
    const own = await bench()
    const id = await own.run('gpu_second')
    own.wait(25.4)
    await inTransaction(async (tx) => {
      await lockBook(tx, own.account.id, { assetCode: 'credit', scale: CREDIT_SCALE, memberId: null }, own.clock.now())
      const cutOff = expect(own.say('stop', id)).rejects.toThrow()
      await killWaiting(database.url)
      await cutOff
    })
    expect(await own.read(id)).toMatchObject({ status: 'stopped', billed_quantity: '0' })
    own.wait(60)
    expect(valueOf(await own.say('stop', id))).toMatchObject({ billed_quantity: '26', amount: '0.0026' })
  })

  it('after the last usage event of a run that was then stopped earlier shows what was billed', async () => {
    const own = await bench()
    const id = await own.run('gpu_second')
    own.wait(60)
    const crash = vi.spyOn(runs, 'billRun').mockRejectedValueOnce(new Error('cut off'))
    await expect(own.sweep()).rejects.toThrow('cut off')
    crash.mockRestore()
    const earlier = new Date(own.clock.now().getTime() - 60_000)
    expect(valueOf(await own.say('stop', id, earlier))).toMatchObject({ billed_quantity: '60', amount: '0.006' })
  })
})

describe('a run whose caller falls silent', () => {
  it('is stopped after the timeout and billed to its last sign of life', async () => {
    const own = await bench()
    const id = await own.run('watched_second')
    own.wait(100)
    valueOf(await own.say('heartbeat', id))
    for (const seconds of [60, 60, 60, 60, 59]) {
      own.wait(seconds)
      await own.sweep()
    }
    expect(await own.read(id)).toMatchObject({ status: 'running', billed_quantity: '100' })
    own.wait(1)
    await own.sweep()
    expect(await own.read(id)).toMatchObject({
      status: 'stopped',
      stop_reason: 'silent',
      stopped_at: '2026-11-23T12:01:40.000Z',
      billed_quantity: '100',
    })
  })

  it('goes on when it speaks again before the worker has looked', async () => {
    const own = await bench()
    const id = await own.run('watched_second')
    own.wait(400)
    expect(valueOf(await own.say('heartbeat', id))).toMatchObject({ status: 'running', billed_quantity: '400' })
  })
})
