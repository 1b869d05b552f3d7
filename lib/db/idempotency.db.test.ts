import { randomUUID } from 'node:crypto'

import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { err, ok } from '@/lib/result'
import type { TestDatabase } from '@/lib/testing/database'
import { openTestDatabase } from '@/lib/testing/environment'

import { doOnce, type OnceKey } from './idempotency'
import { query } from './pool'

let database: TestDatabase
const now = new Date()

beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.drop())

function aKey(fields: Partial<OnceKey> = {}): OnceKey {
  return { mode: 'test', route: 'POST /x', key: randomUUID(), bodyHash: 'a', ...fields }
}

/** Work that tells when it has begun and goes on when it is let go. */
function heldWork(outcome: 'done' | 'refused') {
  let begin = () => undefined as void
  let letGo = () => undefined as void
  const begun = new Promise<void>((resolve) => (begin = resolve))
  const released = new Promise<void>((resolve) => (letGo = resolve))
  const work = async () => {
    begin()
    await released
    return outcome === 'done' ? ok('"first"') : err({ code: 'conflict' as const })
  }
  return { work, begun, letGo: () => letGo() }
}

const second = () => Promise.resolve(ok('"second"'))

describe('doOnce', () => {
  it('scopes a key to its mode and route', async () => {
    const key = aKey()
    for (const once of [key, { ...key, mode: 'live' as const }, { ...key, route: 'POST /y' }]) {
      expect(await doOnce(once, now, second)).toEqual(ok({ answer: '"second"', isReplay: false }))
    }
    expect(await doOnce({ ...key, bodyHash: 'b' }, now, second)).toEqual(err({ code: 'idempotency_conflict' }))
  })

  it('waits for a twin in flight and answers what it answered', async () => {
    const once = aKey()
    const held = heldWork('done')
    const first = doOnce(once, now, held.work)
    await held.begun
    const twin = doOnce(once, now, second)
    held.letGo()
    expect(await first).toEqual(ok({ answer: '"first"', isReplay: false }))
    expect(await twin).toEqual(ok({ answer: '"first"', isReplay: true }))
  })

  it('lets the twin do the work when the first was refused, and remembers no refusal', async () => {
    const once = aKey()
    const held = heldWork('refused')
    const first = doOnce(once, now, held.work)
    await held.begun
    const twin = doOnce(once, now, second)
    held.letGo()
    expect(await first).toEqual(err({ code: 'conflict' }))
    expect(await twin).toEqual(ok({ answer: '"second"', isReplay: false }))
  })

  it('stops waiting after five seconds', async () => {
    const once = aKey()
    const held = heldWork('done')
    const first = doOnce(once, now, held.work)
    await held.begun
    expect(await doOnce(once, now, second)).toEqual(err({ code: 'idempotency_in_progress' }))
    held.letGo()
    expect(await first).toMatchObject({ ok: true })
  })

  it('keeps nothing when the work throws', async () => {
    const once = aKey()
    await expect(doOnce(once, now, () => Promise.reject(new Error('a crash')))).rejects.toThrow('a crash')
    expect(await query('SELECT FROM idempotency_record WHERE key = $1', [once.key])).toEqual([])
  })
})
