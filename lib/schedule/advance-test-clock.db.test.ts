import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import { creditSource } from '@/lib/billing/book-due-credit'
import { readTerms } from '@/lib/db/account-terms'
import { lockBook } from '@/lib/db/books'
import { inTransaction, query } from '@/lib/db/pool'
import { CREDIT_SCALE } from '@/lib/money/amount'
import type { TestDatabase } from '@/lib/testing/database'
import { openTestDatabase } from '@/lib/testing/environment'
import { killWaiting } from '@/lib/testing/kill-waiting'
import { giveCredit } from '@/lib/testing/ledger-factory'
import { createOrganization, type TestOrganization } from '@/lib/testing/organization'

import { advanceTestClock } from './advance-test-clock'
import type { DueSource } from './due-contract'
import { removeTestClock } from './remove-test-clock'

const key = { kind: 'key', keyId: '01930000-0000-7000-8000-000000000001', mode: 'test' } as const
const START = new Date('2027-01-01T00:00:00Z')
const hours = (count: number) => new Date(START.getTime() + count * 3_600_000)
const clock = { now: () => START }

let database: TestDatabase
let org: TestOrganization

beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.drop())
beforeEach(async () => {
  org = await createOrganization()
  for (const hour of [1, 2, 3])
    await giveCredit(org.account.id, { amount: `${hour}`, at: START, expiresAt: hours(hour) })
})

const advance = (to: Date, sources?: readonly DueSource[]) =>
  advanceTestClock(key, org.account.externalId, { to: to.toISOString() }, clock, sources)
const standing = async () => (await readTerms(org.account.id)).clockAt
const arrived = (at: Date) => ({ ok: true, value: { now: at.toISOString() } })

/** The hours at which credit expired, in the order of the journal, and when the journal says that it was written. */
async function expiries() {
  const sql = `SELECT occurred_at, created_at FROM entry WHERE account_id = $1 AND kind = 'expiry' ORDER BY sequence`
  const hourOf = (at: unknown) => ((at as Date).getTime() - START.getTime()) / 3_600_000
  return (await query(sql, [org.account.id])).map((row) => [hourOf(row['occurred_at']), hourOf(row['created_at'])])
}

describe('advancing a test clock', () => {
  it('does all that is due on the way in order, each while the clock stands at its instant, and then stands still', async () => {
    const seen: (Date | null)[] = []
    const watched: DueSource = {
      ...creditSource,
      work: async (actor, accountId, at) => {
        seen.push(at, await standing())
        await creditSource.work(actor, accountId, at)
      },
    }
    expect(await advance(hours(2), [watched])).toEqual(arrived(hours(2)))
    expect(seen).toEqual([hours(1), hours(1), hours(2), hours(2)])
    expect(await standing()).toEqual(hours(2))
    expect(await advance(hours(9))).toEqual(arrived(hours(9)))
    expect(await expiries()).toEqual([1, 2, 3].map((hour) => [hour, hour]))
  })

  it('first does what was overdue, without putting the clock back', async () => {
    const late = { now: () => hours(2.5) }
    const advanced = await advanceTestClock(key, org.account.externalId, { to: hours(4).toISOString() }, late)
    expect(advanced).toEqual(arrived(hours(4)))
    expect((await expiries()).map(([hour]) => hour)).toEqual([1, 2, 3])
  })

  it('that was cut off in its middle ends the same when it is sent again', async () => {
    let isBroken = true
    const broken: DueSource = {
      ...creditSource,
      work: async (actor, accountId, at) => {
        if (isBroken && at.getTime() === hours(2).getTime()) throw new Error('cut off')
        await creditSource.work(actor, accountId, at)
      },
    }
    await expect(advance(hours(4), [broken])).rejects.toThrow('cut off')
    expect([await standing(), await expiries()]).toEqual([hours(2), [[1, 1]]])
    isBroken = false
    expect(await advance(hours(4), [broken])).toEqual(arrived(hours(4)))
    expect(await expiries()).toEqual([1, 2, 3].map((hour) => [hour, hour]))
  })

  it('whose server session died at work ends the same when it is sent again, and once more when its answer was lost', async () => {
    await inTransaction(async (tx) => {
      await lockBook(tx, org.account.id, { assetCode: 'credit', scale: CREDIT_SCALE, memberId: null }, START)
      const cutOff = expect(advance(hours(4))).rejects.toThrow()
      await killWaiting(database.url)
      await cutOff
    })
    expect([await standing(), await expiries()]).toEqual([hours(1), []])
    expect(await advance(hours(4))).toEqual(arrived(hours(4)))
    expect(await advance(hours(4))).toEqual(arrived(hours(4)))
    expect((await expiries()).map(([hour]) => hour)).toEqual([1, 2, 3])
  })

  it('many times at once does everything once, in order, and ends at the latest', async () => {
    const instants = [4, 2, 4, 3, 1].map(hours)
    const answers = await Promise.all(instants.map((to) => advance(to)))
    expect(answers.filter((answer) => answer.ok && answer.value.now === hours(4).toISOString()).length).toBeGreaterThan(
      1,
    )
    expect(await standing()).toEqual(hours(4))
    expect((await expiries()).map(([hour]) => hour)).toEqual([1, 2, 3])
  })

  it('makes what is kept in memory of the account stale', async () => {
    expect(await standing()).toBeNull()
    await advance(hours(1))
    expect(await standing()).toEqual(hours(1))
    expect(await removeTestClock(key, org.account.externalId, clock)).toEqual(arrived(START))
    expect(await standing()).toBeNull()
  })

  it('is refused backwards, and to a live key, and where there is no such organization in test mode', async () => {
    await advance(hours(2))
    expect(await advance(hours(1))).toMatchObject({ error: { code: 'invalid_input', errors: [{ path: 'to' }] } })
    const live = { ...key, mode: 'live' } as const
    const to = { to: hours(3).toISOString() }
    expect(await advanceTestClock(live, org.account.externalId, to, clock)).toMatchObject({
      error: { code: 'forbidden' },
    })
    expect(await removeTestClock(live, org.account.externalId, clock)).toMatchObject({ error: { code: 'forbidden' } })
    expect(await advanceTestClock(key, 'nobody', to, clock)).toMatchObject({ error: { code: 'not_found' } })
    expect(await standing()).toEqual(hours(2))
  })
})
