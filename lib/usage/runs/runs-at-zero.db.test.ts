import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { touchAccountTerms } from '@/lib/db/account-terms'
import { inTransaction } from '@/lib/db/pool'
import type { TestDatabase } from '@/lib/testing/database'
import { openTestDatabase } from '@/lib/testing/environment'
import { valueOf } from '@/lib/testing/ledger'
import { definePrice } from '@/lib/testing/ledger-factory'
import { openRunBench, type RunBench } from '@/lib/testing/runs'

let database: TestDatabase

beforeAll(async () => {
  database = await openTestDatabase()
  await definePrice({ key: 'gpu_second', name: 'GPU', unit: 'second' }, { model: 'per_unit', unit_price: '0.01' })
  await definePrice({ key: 'gpu_hour', name: 'GPU S', unit: 'hour' }, { model: 'per_unit', unit_price: '0.6' })
})
afterAll(() => database.drop())

const units = (credits: number) => BigInt(Math.round(credits * 1e9))

/** Lets time pass minute by minute, the worker looking each time. */
async function pass({ wait, sweep }: RunBench, minutes: number): Promise<void> {
  for (let minute = 0; minute < minutes; minute += 1) {
    wait(60)
    await sweep()
  }
}

/** On which occasions the card is to be asked for debt. */
async function asked({ account }: RunBench): Promise<readonly string[]> {
  const sql = `SELECT key FROM graphile_worker.jobs WHERE key LIKE 'settle_debt:' || $1 || ':%' ORDER BY key`
  const client = new pg.Client({ connectionString: database.url })
  await client.connect()
  try {
    const { rows } = await client.query<{ key: string }>(sql, [account.id])
    return rows.map(({ key }) => key.split(':')[2] ?? '')
  } finally {
    await client.end()
  }
}

async function setLimit({ account }: RunBench, amount: number): Promise<void> {
  await inTransaction(async (tx) => {
    await tx.query(
      `INSERT INTO spend_limit (account_id, id, scope, subject, asset_code, amount, period, mode, created_at, updated_at)
       VALUES ($1, 'day', 'organization', NULL, 'credit', $2, 'day', 'block', now(), now())`,
      [account.id, units(amount)],
    )
    await touchAccountTerms(tx, account.id)
  })
}

describe('deny', () => {
  it('stops a run at the minute that credit does not cover, records all of it, and the rest is debt', async () => {
    const bench = await openRunBench({ at_zero: 'deny' }, '1')
    const id = await bench.run('gpu_second')
    await pass(bench, 3)
    expect(await bench.read(id)).toMatchObject({
      status: 'stopped',
      stop_reason: 'insufficient_credits',
      stopped_at: '2026-11-23T12:02:00.000Z',
      billed_quantity: '120',
      amount: '1.2',
    })
    expect(await bench.wallet()).toEqual({ balance: units(-0.2), debt: units(0.2) })
    expect(await bench.start('gpu_second')).toMatchObject({ error: { code: 'debt_unsettled', debt: '0.2' } })
  })

  it('tells the caller with the next heartbeat', async () => {
    const bench = await openRunBench({ at_zero: 'deny' }, '0.1')
    const id = await bench.run('gpu_second')
    bench.wait(30)
    expect(valueOf(await bench.say('heartbeat', id))).toMatchObject({
      status: 'stopped',
      stop_reason: 'insufficient_credits',
      billed_quantity: '30',
    })
    expect((await bench.wallet()).debt).toBe(units(0.2))
  })

  it('does not begin an hour that cannot be paid: no debt, and it stops where the last one ends', async () => {
    const bench = await openRunBench({ at_zero: 'deny' }, '1.5')
    const id = await bench.run('gpu_hour')
    bench.wait(7_300)
    await bench.sweep()
    expect(await bench.read(id)).toMatchObject({
      status: 'stopped',
      stopped_at: '2026-11-23T14:00:00.000Z',
      billed_quantity: '2',
      amount: '1.2',
    })
    expect(await bench.wallet()).toEqual({ balance: units(0.3), debt: 0n })
  })

  it('a stop of the caller’s own records everything, and what is not covered becomes debt', async () => {
    const bench = await openRunBench({ at_zero: 'deny' }, '0.1')
    const id = await bench.run('gpu_second')
    bench.wait(25.4)
    expect(valueOf(await bench.say('stop', id))).toMatchObject({ stop_reason: 'requested', billed_quantity: '26' })
    expect(await bench.wallet()).toEqual({ balance: units(-0.16), debt: units(0.16) })
  })

  it('a worker that was away finds the minute at which credit ran out, as if it had been there', async () => {
    const [late, there] = [await openRunBench({}, '20.05'), await openRunBench({}, '20.05')]
    const lateId = await late.run('gpu_second')
    const thereId = await there.run('gpu_second')
    late.wait(60 * 60)
    await late.sweep()
    await pass(there, 60)
    const found = await late.read(lateId)
    const { id, external_id, organization } = await there.read(thereId)
    expect(await there.read(thereId)).toEqual({ ...found, id, external_id, organization })
    expect(found).toMatchObject({ status: 'stopped', billed_quantity: '2040', stopped_at: '2026-11-23T12:34:00.000Z' })
    expect(await late.wallet()).toEqual(await there.wallet())
  })
})

describe('pause_runs', () => {
  it('pauses a deployment where the hour that credit does not cover would begin, and resumes it when credit arrives', async () => {
    const bench = await openRunBench({ at_zero: 'pause_runs' }, '1.2')
    const id = await bench.run('gpu_hour')
    bench.wait(7_200.001)
    await bench.sweep()
    expect(await bench.read(id)).toMatchObject({ status: 'paused', billed_quantity: '2', stop_reason: null })
    expect(await bench.wallet()).toEqual({ balance: 0n, debt: 0n })

    await pass(bench, 5)
    expect(await bench.read(id)).toMatchObject({ status: 'paused' })
    await bench.credit('5')
    await pass(bench, 1)
    expect(await bench.read(id)).toMatchObject({ status: 'running' })
    await pass(bench, 1)
    expect(await bench.read(id)).toMatchObject({ status: 'running', billed_quantity: '3', amount: '1.8' })
    bench.wait(1_000)
    expect(valueOf(await bench.say('stop', id))).toMatchObject({ billed_quantity: '3' })
  })

  it('pauses seconds with the minute in which credit ran out, and not again before that is repaid', async () => {
    const bench = await openRunBench({ at_zero: 'pause_runs' }, '1')
    const id = await bench.run('gpu_second')
    await pass(bench, 4)
    expect(await bench.read(id)).toMatchObject({ status: 'paused', billed_quantity: '120' })
    expect(await bench.wallet()).toEqual({ balance: units(-0.2), debt: units(0.2) })
    await bench.credit('0.2')
    await pass(bench, 1)
    expect(await bench.read(id)).toMatchObject({ status: 'paused' })
    await bench.credit('3')
    await pass(bench, 2)
    expect(await bench.read(id)).toMatchObject({ status: 'running', billed_quantity: '180' })
  })

  it('does not resume by itself what the caller paused meanwhile, and refuses a resume that nothing pays for', async () => {
    const bench = await openRunBench({ at_zero: 'pause_runs' }, '0.6')
    const id = await bench.run('gpu_hour')
    bench.wait(3_600.001)
    await bench.sweep()
    expect(await bench.say('resume', id)).toMatchObject({ error: { code: 'insufficient_credits' } })
    valueOf(await bench.say('pause', id))
    await bench.credit('5')
    await pass(bench, 2)
    expect(await bench.read(id)).toMatchObject({ status: 'paused' })
    expect(valueOf(await bench.say('resume', id))).toMatchObject({ status: 'running' })
  })
})

describe('charge_card', () => {
  it('lets a run go on into debt, which is looked at as it grows and charged when the run ends; no new run starts before', async () => {
    const bench = await openRunBench({ at_zero: 'charge_card' }, '1')
    const id = await bench.run('gpu_second')
    await pass(bench, 1)
    expect(await asked(bench)).toEqual([])
    await pass(bench, 9)
    expect(await bench.read(id)).toMatchObject({ status: 'running', billed_quantity: '600' })
    expect([(await bench.wallet()).debt, await asked(bench)]).toEqual([units(5), ['other']])
    valueOf(await bench.say('stop', id))
    expect(await asked(bench)).toEqual(['other', 'run_ended'])
    expect(await bench.start('gpu_second')).toMatchObject({ error: { code: 'debt_unsettled', debt: '5' } })
    await bench.credit('7')
    expect(await bench.start('gpu_second')).toMatchObject({ ok: true })
  })

  it('stops at a spend limit all the same', async () => {
    const bench = await openRunBench({ at_zero: 'charge_card' }, '1')
    await setLimit(bench, 2)
    const id = await bench.run('gpu_second')
    await pass(bench, 10)
    expect(await bench.read(id)).toMatchObject({ status: 'stopped', stop_reason: 'spend_limit_exceeded' })
  })
})

describe('overdraft', () => {
  it('lets a run go down to the limit, and then stops it as deny does', async () => {
    const bench = await openRunBench({ at_zero: 'overdraft', overdraft_limit: '2' }, '1')
    const id = await bench.run('gpu_second')
    await pass(bench, 5)
    expect(await bench.read(id)).toMatchObject({ status: 'running', billed_quantity: '300' })
    expect((await bench.wallet()).debt).toBe(units(2))
    await pass(bench, 1)
    expect(await bench.read(id)).toMatchObject({
      status: 'stopped',
      stop_reason: 'insufficient_credits',
      billed_quantity: '360',
    })
    expect((await bench.wallet()).debt).toBe(units(2.6))
  })
})

describe('a spend limit', () => {
  it('stops a run like missing credit does, with all of its last minute recorded', async () => {
    const bench = await openRunBench({ at_zero: 'pause_runs' }, '100')
    await setLimit(bench, 1)
    const id = await bench.run('gpu_second')
    await pass(bench, 5)
    expect(await bench.read(id)).toMatchObject({
      status: 'stopped',
      stop_reason: 'spend_limit_exceeded',
      billed_quantity: '120',
    })
    expect(await bench.wallet()).toEqual({ balance: units(98.8), debt: 0n })
    expect(await bench.start('gpu_second')).toMatchObject({ error: { code: 'spend_limit_exceeded', limit: 'day' } })
  })

  it('lets no hour begin that it does not allow', async () => {
    const bench = await openRunBench({}, '100')
    await setLimit(bench, 1)
    const id = await bench.run('gpu_hour')
    bench.wait(3_600.001)
    await bench.sweep()
    expect(await bench.read(id)).toMatchObject({ stop_reason: 'spend_limit_exceeded', billed_quantity: '1' })
  })
})
