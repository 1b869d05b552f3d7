import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { query } from '@/lib/db/pool'
import type { TestDatabase } from '@/lib/testing/database'
import { openTestDatabase } from '@/lib/testing/environment'
import { valueOf } from '@/lib/testing/ledger'
import { definePrice } from '@/lib/testing/ledger-factory'
import { BACKEND, openRunBench, type RunBench } from '@/lib/testing/runs'

import { readRun } from './read-run'
import { startRun } from './start-run'
import { stopRun } from './stop-run'

let database: TestDatabase

beforeAll(async () => {
  database = await openTestDatabase()
  await definePrice({ key: 'gpu_second', name: 'GPU', unit: 'second' }, { model: 'per_unit', unit_price: '0.0001' })
  await definePrice({ key: 'gpu_s_hour', name: 'GPU S', unit: 'hour' }, { model: 'per_unit', unit_price: '0.6' })
  await definePrice({ key: 'rule_run', name: 'Rule run', unit: 'count' }, { model: 'per_unit', unit_price: '1' })
  await definePrice({ key: 'free_second', name: 'CPU', unit: 'second' }, { model: 'per_unit', unit_price: '0' })
  await definePrice(
    { key: 'first_hour_second', name: 'GPU L', unit: 'second' },
    { model: 'per_unit', unit_price: '0.001', minimum_quantity: '3600', round_up_to: '60' },
  )
})
afterAll(() => database.drop())

const bench = (credit = '10') => openRunBench({}, credit)
const after = ({ clock }: RunBench, seconds: number) => new Date(clock.now().getTime() + seconds * 1_000)

describe('starting a run', () => {
  it('makes it cold and charges nothing, once by the caller’s own id', async () => {
    const { account, start, wallet } = await bench()
    const first = valueOf(await start('gpu_second', { id: 'mine' }))
    expect(first).toMatchObject({
      isReplay: false,
      run: { external_id: 'mine', status: 'cold', ready_at: null, billed_quantity: '0', amount: '0', asset: 'credit' },
    })
    expect(first.run.id).toMatch(/^run_/)
    expect(valueOf(await start('gpu_second', { id: 'mine' }))).toEqual({ run: first.run, isReplay: true })
    expect(await start('gpu_second', { id: 'mine', model: 'other' })).toMatchObject({
      error: { code: 'idempotency_conflict' },
    })
    expect(await start('gpu_s_hour', { id: 'mine' })).toMatchObject({ error: { code: 'idempotency_conflict' } })
    expect((await wallet()).balance).toBe(10_000_000_000n)
    expect(await query('SELECT id FROM run WHERE account_id = $1', [account.id])).toHaveLength(1)
  })

  it('many times at once with one id makes one run', async () => {
    const { start } = await bench()
    const all = await Promise.all(Array.from({ length: 12 }, () => start('gpu_second', { id: 'raced' })))
    const started = all.map(valueOf)
    expect(started.filter(({ isReplay }) => !isReplay)).toHaveLength(1)
    expect(new Set(started.map(({ run }) => run.id)).size).toBe(1)
  })

  it('needs credit for its first unit, or a price of nothing', async () => {
    const { start } = await bench('0')
    expect(await start('gpu_second')).toMatchObject({ error: { code: 'insufficient_credits', asset: 'credit' } })
    expect(await start('free_second')).toMatchObject({ ok: true })
    const { start: startSmall } = await bench('0.5')
    expect(await startSmall('gpu_s_hour')).toMatchObject({
      error: { code: 'insufficient_credits', required: '0.6', available: '0.5' },
    })
  })

  it('that was refused for want of credit may be sent again with the same id', async () => {
    const { start, credit } = await bench('0')
    expect(await start('gpu_second', { id: 'again' })).toMatchObject({ ok: false })
    await credit('1')
    expect(await start('gpu_second', { id: 'again' })).toMatchObject({ ok: true, value: { isReplay: false } })
  })

  it.each([
    ['a meter that counts things', { meter: 'rule_run' }, 'meter'],
    ['an id that is shaped like ours', { id: 'run_01h455vb4pex5vsknk084sn02q' }, 'id'],
    ['an instant more than five minutes ahead', { at: '2026-11-23T12:05:00.001Z' }, 'at'],
    ['an instant more than 34 days back', { at: '2026-10-20T11:59:59Z' }, 'at'],
  ])('is refused for %s', async (_name, fields, path) => {
    const { start } = await bench()
    const refused = await start('gpu_second', fields)
    expect(refused).toMatchObject({ error: { code: 'invalid_input', errors: [{ path }] } })
  })

  it('is refused for a meter that does not exist, and for an organization of the other mode', async () => {
    const { account, clock, start } = await bench()
    expect(await start('nothing')).toMatchObject({ error: { code: 'unknown_meter' } })
    const live = { ...BACKEND, mode: 'live' } as const
    const input = { id: 'x', organization: account.externalId, meter: 'gpu_second' }
    expect(await startRun(live, input, clock)).toMatchObject({ error: { code: 'not_found' } })
  })
})

describe('what a run costs', () => {
  it('25.4 s on a meter of seconds are 26 s', async () => {
    const { run, wait, say, wallet } = await bench()
    const id = await run('gpu_second')
    wait(25.4)
    expect(valueOf(await say('stop', id))).toMatchObject({
      status: 'stopped',
      billed_quantity: '26',
      amount: '0.0026',
      stop_reason: 'requested',
    })
    expect((await wallet()).balance).toBe(9_997_400_000n)
  })

  it('10 h of GPU S at 0.60 are 6.00 to the digit: the first hour when it starts, each next when it begins', async () => {
    const { run, read, wait, sweep, say, events } = await bench()
    const id = await run('gpu_s_hour')
    expect(await read(id)).toMatchObject({ billed_quantity: '1', amount: '0.6' })
    for (let hour = 1; hour <= 10; hour += 1) {
      wait(3_600)
      await sweep()
    }
    expect(valueOf(await say('stop', id))).toMatchObject({ billed_quantity: '10', amount: '6' })
    expect((await events()).map(({ amount }) => amount)).toEqual(Array.from({ length: 10 }, () => 600_000_000n))
  })

  it('a cold start is free, and so is a run that is cancelled before it is ready', async () => {
    const { start, wait, say, wallet, events } = await bench()
    const { id } = valueOf(await start('gpu_second')).run
    wait(600)
    valueOf(await say('heartbeat', id))
    expect(valueOf(await say('stop', id))).toMatchObject({ status: 'stopped', ready_at: null, billed_quantity: '0' })
    expect([(await wallet()).balance, await events()]).toEqual([10_000_000_000n, []])
  })

  it('nothing accrues after a stop, however often it is said and whoever looks', async () => {
    const { run, wait, say, sweep, read } = await bench()
    const id = await run('gpu_second')
    wait(10)
    const stopped = valueOf(await say('stop', id))
    wait(600)
    await sweep()
    expect(valueOf(await say('stop', id))).toEqual(stopped)
    expect(valueOf(await say('heartbeat', id))).toEqual(stopped)
    expect(await read(id)).toEqual(stopped)
  })

  it('a pause is free', async () => {
    const { run, wait, say, sweep } = await bench()
    const id = await run('gpu_second')
    wait(10.5)
    expect(valueOf(await say('pause', id))).toMatchObject({ status: 'paused', billed_quantity: '11' })
    wait(3_600)
    await sweep()
    valueOf(await say('resume', id))
    wait(10)
    expect(valueOf(await say('stop', id))).toMatchObject({ billed_quantity: '21' })
  })

  it('the minimum of a price is billed once, and its multiples for the run as a whole', async () => {
    const { run, wait, say, read } = await bench()
    const id = await run('first_hour_second')
    wait(60)
    valueOf(await say('heartbeat', id))
    expect(await read(id)).toMatchObject({ billed_quantity: '3600', amount: '3.6' })
    wait(3_541)
    valueOf(await say('heartbeat', id))
    wait(1)
    expect(valueOf(await say('stop', id))).toMatchObject({ billed_quantity: '3660', amount: '3.66' })
  })

  it('is reported after the fact as it is in time', async () => {
    const { clock, start, say, wait, sweep } = await bench()
    const begin = clock.now()
    wait(36_000)
    const { id } = valueOf(await start('gpu_s_hour', { at: begin.toISOString() })).run
    valueOf(await say('ready', id, begin))
    await sweep()
    expect(valueOf(await say('stop', id, clock.now()))).toMatchObject({ billed_quantity: '10', amount: '6' })
  })
})

describe('a run', () => {
  it('is found by our id and by the caller’s own, and not in the other mode', async () => {
    const { start, clock } = await bench()
    const { run } = valueOf(await start('gpu_second', { id: 'own-id' }))
    expect(await readRun(BACKEND, run.id)).toEqual({ ok: true, value: run })
    expect(await readRun(BACKEND, 'own-id')).toEqual({ ok: true, value: run })
    const live = { ...BACKEND, mode: 'live' } as const
    for (const name of [run.id, 'own-id']) {
      expect(await readRun(live, name)).toEqual({ ok: false, error: { code: 'not_found', what: 'run' } })
      expect(await stopRun(live, name, {}, clock)).toMatchObject({ error: { code: 'not_found' } })
    }
  })

  it('of an own id that two organizations have is to be named by ours', async () => {
    const [first, second] = [await bench(), await bench()]
    const { run } = valueOf(await first.start('gpu_second', { id: 'shared' }))
    valueOf(await second.start('gpu_second', { id: 'shared' }))
    expect(await readRun(BACKEND, 'shared')).toMatchObject({ error: { code: 'conflict' } })
    expect(await first.read(run.id)).toEqual(run)
  })

  it('refuses an instant before its last change or too far ahead, and keeps as it was', async () => {
    const own = await bench()
    const id = await own.run('gpu_second')
    own.wait(60)
    for (const at of [after(own, -60.001), after(own, 300.001)]) {
      expect(await own.say('stop', id, at)).toMatchObject({
        error: { code: 'invalid_input', errors: [{ path: 'at' }] },
      })
    }
    expect(await own.read(id)).toMatchObject({ status: 'running' })
    expect(valueOf(await own.say('stop', id, after(own, -60)))).toMatchObject({ billed_quantity: '0' })
  })

  it('that was started by a clock which is ahead may be moved on now', async () => {
    const own = await bench()
    const { id } = valueOf(await own.start('gpu_second', { at: after(own, 2).toISOString() })).run
    expect(valueOf(await own.say('ready', id))).toMatchObject({ ready_at: after(own, 2).toISOString() })
    expect(valueOf(await own.say('stop', id))).toMatchObject({ billed_quantity: '0' })
  })

  it('that never was ready cannot be paused', async () => {
    const { start, say } = await bench()
    const { id } = valueOf(await start('gpu_second')).run
    expect(await say('pause', id)).toMatchObject({ error: { code: 'invalid_state' } })
  })
})
