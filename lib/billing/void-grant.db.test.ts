import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import { lockBook, readBooks } from '@/lib/db/books'
import { showId } from '@/lib/db/ids'
import { inTransaction, query } from '@/lib/db/pool'
import { findBreaches } from '@/lib/ledger/invariants'
import { CREDIT_SCALE } from '@/lib/money/amount'
import type { TestDatabase } from '@/lib/testing/database'
import { openTestDatabase } from '@/lib/testing/environment'
import { killWaiting } from '@/lib/testing/kill-waiting'
import { definePrice, giveCredit, useMeter } from '@/lib/testing/ledger-factory'
import { createOrganization, type TestOrganization } from '@/lib/testing/organization'

import { voidGrant } from './void-grant'

const key = { kind: 'key', keyId: '01930000-0000-7000-8000-000000000001', mode: 'test' } as const
const NOW = new Date('2027-01-01T00:00:00Z')
const clock = { now: () => NOW }

let database: TestDatabase
let org: TestOrganization
let given: { readonly entryId: string; readonly grantId: string }

beforeAll(async () => {
  database = await openTestDatabase()
  await definePrice({ key: 'run', name: 'Rule run', unit: 'count' }, { model: 'per_unit', unit_price: '1' })
})
afterAll(() => database.drop())
beforeEach(async () => {
  org = await createOrganization()
  given = await giveCredit(org.account.id, { amount: '10', at: NOW, purpose: 'Welcome' })
})

const voidIt = (actor: Parameters<typeof voidGrant>[0] = key) => voidGrant(actor, showId('grt', given.grantId), clock)

async function reversals() {
  const sql = `SELECT amount, grant_id, reverses_entry_id, description, actor FROM entry WHERE account_id = $1 AND kind = 'reversal'`
  return query(sql, [org.account.id])
}

async function expectSoundBooks(balance: bigint) {
  const [book] = await readBooks(org.account.id)
  if (book === undefined) throw new Error('no wallet')
  expect(findBreaches(book, NOW)).toEqual([])
  expect(book.wallet.balance).toBe(balance)
}

describe('voiding a grant', () => {
  it('takes back what is left of it by a reversal of the entry that made it, and leaves what was spent', async () => {
    await useMeter(org.account, NOW, [{ meter: 'run', quantity: '4' }])
    expect(await voidIt()).toMatchObject({ ok: true, value: { status: 'void', amount: '10', remaining: '0' } })
    expect(await reversals()).toEqual([
      {
        amount: -6_000_000_000n,
        grant_id: given.grantId,
        reverses_entry_id: given.entryId,
        description: 'Taken back: Welcome',
        actor: `key:${key.keyId}`,
      },
    ])
    await expectSoundBooks(0n)
  })

  it('again answers the same and writes nothing, also many times at once', async () => {
    const answers = await Promise.all(Array.from({ length: 5 }, () => voidIt()))
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1)
    expect(await voidIt()).toEqual(answers[0])
    expect(await reversals()).toHaveLength(1)
  })

  it('that was cut off takes back nothing, and sent again all of it, once', async () => {
    await inTransaction(async (tx) => {
      await lockBook(tx, org.account.id, { assetCode: 'credit', scale: CREDIT_SCALE, memberId: null }, NOW)
      const cutOff = expect(voidIt()).rejects.toThrow()
      await killWaiting(database.url)
      await cutOff
    })
    expect(await reversals()).toEqual([])
    await expectSoundBooks(10_000_000_000n)
    expect(await voidIt()).toMatchObject({ ok: true })
    await expectSoundBooks(0n)
  })

  it('of which all was spent marks it, and writes no entry', async () => {
    await useMeter(org.account, NOW, [{ meter: 'run', quantity: '10' }])
    expect(await voidIt()).toMatchObject({ ok: true, value: { status: 'void' } })
    expect(await reversals()).toEqual([])
  })

  it('leaves what a hold has pinned until it is released', async () => {
    await query('UPDATE credit_grant SET held = 3000000000 WHERE account_id = $1', [org.account.id])
    await query('UPDATE wallet SET held = 3000000000 WHERE account_id = $1', [org.account.id])
    expect(await voidIt()).toMatchObject({ ok: true, value: { status: 'void', remaining: '3', held: '3' } })
    expect((await reversals()).map((entry) => entry['amount'])).toEqual([-7_000_000_000n])
  })

  it('of a disputed payment is refused, and of the other mode or of nobody does not exist', async () => {
    await query('UPDATE credit_grant SET frozen = true WHERE account_id = $1', [org.account.id])
    expect(await voidIt()).toMatchObject({ error: { code: 'invalid_state' } })
    expect(await voidIt({ ...key, mode: 'live' })).toEqual({ ok: false, error: { code: 'not_found', what: 'grant' } })
    expect(await voidGrant(key, 'grt_none', clock)).toEqual({ ok: false, error: { code: 'not_found', what: 'grant' } })
    expect(await reversals()).toEqual([])
  })
})
