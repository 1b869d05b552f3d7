import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import { bookDueCredit, creditSource } from '@/lib/billing/book-due-credit'
import { lockBook, readBooks } from '@/lib/db/books'
import { inTransaction, query } from '@/lib/db/pool'
import { nextDueInstant } from '@/lib/ledger/next-due'
import { CREDIT_SCALE } from '@/lib/money/amount'
import type { TestDatabase } from '@/lib/testing/database'
import { openTestDatabase } from '@/lib/testing/environment'
import { killWaiting } from '@/lib/testing/kill-waiting'
import { giveCredit } from '@/lib/testing/ledger-factory'
import { createOrganization, type TestOrganization } from '@/lib/testing/organization'

import type { DueSource } from './due-contract'
import { sweepDue } from './sweep-due'

const job = { kind: 'job', task: 'test' } as const
const START = new Date('2027-01-01T00:00:00Z')
const hours = (count: number) => new Date(START.getTime() + count * 3_600_000)
const clockAt = (at: Date) => ({ now: () => at })

let database: TestDatabase
let org: TestOrganization

beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.drop())
beforeEach(async () => {
  org = await createOrganization()
})

const give = (amount: string, fields: { readonly effectiveAt?: Date; readonly expiresAt?: Date | null } = {}) =>
  giveCredit(org.account.id, { amount, at: START, purpose: 'Trial', ...fields })

/** What the sweep wrote, as the journal has it. */
async function entries(kind: 'expiry' | 'settlement') {
  const sql = `SELECT amount, occurred_at, grant_id, actor, description FROM entry WHERE account_id = $1 AND kind = $2 ORDER BY sequence`
  return query(sql, [org.account.id, kind])
}

const moveClock = (at: Date | null) =>
  query('UPDATE billing_account SET clock_at = $2 WHERE id = $1', [org.account.id, at])

describe('a sweep', () => {
  it('books one expiry for each grant past its own, dated at its instant, for what remained in it', async () => {
    const { grantId: first } = await give('5', { expiresAt: hours(1) })
    const { grantId: second } = await give('7', { expiresAt: hours(2) })
    await give('1', { expiresAt: hours(3) })
    await give('2')
    const swept = await sweepDue(job, clockAt(new Date(hours(3).getTime() - 1)))
    expect(swept.troubled).toEqual([])
    expect(await entries('expiry')).toEqual([
      {
        amount: -5_000_000_000n,
        occurred_at: hours(1),
        grant_id: first,
        actor: 'job:due',
        description: 'Expired: Trial',
      },
      {
        amount: -7_000_000_000n,
        occurred_at: hours(2),
        grant_id: second,
        actor: 'job:due',
        description: 'Expired: Trial',
      },
    ])
    const [book] = await readBooks(org.account.id)
    expect(book?.wallet.balance).toBe(3_000_000_000n)
    expect(book === undefined ? null : nextDueInstant(book)).toEqual(hours(3))
  })

  it('books an expiry once when many sweep at the same time, and when it is done again', async () => {
    await give('5', { expiresAt: hours(1) })
    await give('6', { expiresAt: hours(1) })
    await Promise.all(Array.from({ length: 5 }, () => sweepDue(job, clockAt(hours(2)))))
    await sweepDue(job, clockAt(hours(3)))
    expect((await entries('expiry')).map((entry) => entry['amount'])).toEqual([-5_000_000_000n, -6_000_000_000n])
  })

  it('books an expiry once when the one before was killed in its middle', async () => {
    await give('5', { expiresAt: hours(1) })
    let killed = Promise.resolve<unknown>(null)
    await inTransaction(async (tx) => {
      await lockBook(tx, org.account.id, { assetCode: 'credit', scale: CREDIT_SCALE, memberId: null }, START)
      killed = sweepDue(job, clockAt(hours(2)))
      await killWaiting(database.url)
      expect(await killed).toMatchObject({ troubled: [org.account.id] })
    })
    expect(await entries('expiry')).toEqual([])
    await sweepDue(job, clockAt(hours(2)))
    expect(await entries('expiry')).toHaveLength(1)
  })

  it('lets credit repay debt at the instant at which it comes into force, and not before', async () => {
    await give('5', { effectiveAt: hours(1), expiresAt: hours(9) })
    await query('UPDATE wallet SET debt = 3000000000, balance = balance - 3000000000 WHERE account_id = $1', [
      org.account.id,
    ])
    await sweepDue(job, clockAt(new Date(hours(1).getTime() - 1)))
    expect(await entries('settlement')).toEqual([])
    await sweepDue(job, clockAt(hours(2)))
    expect(await entries('settlement')).toMatchObject([{ amount: 0n, occurred_at: hours(1) }])
    const [book] = await readBooks(org.account.id)
    expect(book?.wallet).toMatchObject({ debt: 0n, balance: 2_000_000_000n })
    expect(book?.grants).toMatchObject([{ remaining: 2_000_000_000n }])
  })

  it('goes by the test clock of an account: neither real time beyond it, nor what lies ahead of real time, decides', async () => {
    await give('5', { expiresAt: hours(5) })
    await give('6', { expiresAt: hours(9) })
    await moveClock(hours(4))
    await sweepDue(job, clockAt(hours(100)))
    expect(await entries('expiry')).toEqual([])
    await moveClock(hours(6))
    await sweepDue(job, clockAt(hours(1)))
    expect(await entries('expiry')).toMatchObject([{ amount: -5_000_000_000n, occurred_at: hours(5) }])
    await moveClock(null)
    await sweepDue(job, clockAt(hours(1)))
    expect(await entries('expiry')).toHaveLength(1)
  })

  it('leaves frozen credit alone and ends', async () => {
    const { grantId } = await give('5', { expiresAt: hours(1) })
    await query('UPDATE credit_grant SET frozen = true WHERE account_id = $1 AND id = $2', [org.account.id, grantId])
    expect(await sweepDue(job, clockAt(hours(2)))).toEqual({ accounts: 0, troubled: [] })
    expect(await entries('expiry')).toEqual([])
  })

  it('goes on with the other accounts when one is in trouble, and with the other sources when one is', async () => {
    const mine = org.account.id
    await give('5', { expiresAt: hours(1) })
    org = await createOrganization()
    await give('6', { expiresAt: hours(1) })
    const broken: DueSource = {
      ...creditSource,
      work: (actor, accountId, at) =>
        accountId === mine ? Promise.reject(new Error('trouble')) : creditSource.work(actor, accountId, at),
    }
    const silent: DueSource = {
      ...creditSource,
      nextDue: () => Promise.resolve(null),
      dueAccounts: () => Promise.reject(new Error('silent')),
    }
    expect(await sweepDue(job, clockAt(hours(2)), [silent, broken])).toEqual({ accounts: 2, troubled: [mine] })
    expect(await entries('expiry')).toHaveLength(1)
    await sweepDue(job, clockAt(hours(2)))
  })
})

it('expiring is for jobs alone', async () => {
  await give('5', { expiresAt: hours(1) })
  for (const actor of [org.owner, org.member, { kind: 'key', keyId: 'k', mode: 'test' }, { kind: 'stripe' }] as const) {
    expect(await bookDueCredit(actor, org.account.id, hours(2))).toEqual({ ok: false, error: { code: 'forbidden' } })
  }
  expect(await entries('expiry')).toEqual([])
  await sweepDue(job, clockAt(hours(2)))
})
