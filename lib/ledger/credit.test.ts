import { describe, expect, test } from 'vitest'

import { LARGEST_AMOUNT } from '@/lib/money/amount'
import { cents } from '@/lib/money/cents'
import { aBook, aGrant, aNewGrant, hour, units, valueOf } from '@/lib/testing/ledger'
import { grantOf } from './book'
import { credit, type Credit } from './credit'
import { bookDue } from './due'

function arriving(size: number, fields: Partial<Credit> = {}): Credit {
  return { kind: 'purchase', amount: units(size), grant: aNewGrant('new'), at: hour(1), occurredAt: hour(0), ...fields }
}

describe('credit that arrives', () => {
  test('becomes a grant of the size of the entry, numbered like it', () => {
    const { entry, grant, repaid, book } = valueOf(credit(aBook([aGrant('old', 1)]), arriving(10)))
    expect(entry).toEqual({
      kind: 'purchase',
      sequence: 2n,
      amount: 10n,
      balanceAfter: 11n,
      debtChange: 0n,
      occurredAt: hour(0),
      allocations: [{ grantId: 'new', amount: 10n, order: 1 }],
    })
    expect(grant).toEqual(aGrant('new', 10, { sequence: 2n }))
    expect([grant, repaid]).toEqual([grantOf(book, 'new'), 0n])
  })

  test('repays debt first; the rest becomes the grant, with its share of the price rounded up', () => {
    const { entry, grant, repaid, book } = valueOf(credit(aBook([], { debt: units(4) }), arriving(10)))
    expect(entry).toMatchObject({ amount: 10n, balanceAfter: 6n, debtChange: -4n })
    expect(grant).toMatchObject({ amount: 6n, remaining: 6n, costBasisCents: 60n })
    expect([repaid, book.wallet.debt]).toEqual([4n, 0n])
    const dear = arriving(10, { grant: aNewGrant('new', { costBasisCents: cents(1n) }) })
    expect(valueOf(credit(aBook([], { debt: units(9) }), dear)).grant?.costBasisCents).toBe(1n)
  })

  test.each([10, 11])('that debt of %i takes whole makes no grant', (debt) => {
    const { entry, grant, book } = valueOf(credit(aBook([], { debt: units(debt) }), arriving(10)))
    expect(entry).toMatchObject({ amount: 10n, debtChange: -10n, allocations: [] })
    expect([grant, book.grants, book.wallet.debt]).toEqual([null, [], BigInt(debt - 10)])
  })

  test('scoped credit repays debt too', () => {
    const scoped = arriving(10, { grant: aNewGrant('new', { scope: { meters: ['a'] } }) })
    expect(valueOf(credit(aBook([], { debt: units(4) }), scoped)).grant?.amount).toBe(6n)
  })

  test('that is not yet effective repays debt at the instant it becomes so', () => {
    const later = arriving(10, { grant: aNewGrant('new', { effectiveAt: hour(3) }) })
    const { book, repaid } = valueOf(credit(aBook([], { debt: units(4) }), later))
    expect([repaid, book.wallet]).toEqual([0n, { ...book.wallet, balance: 6n, debt: 4n }])
    expect(bookDue(book, hour(2)).book).toBe(book)

    const due = bookDue(book, hour(5))
    expect(due.entries).toEqual([
      {
        kind: 'settlement',
        sequence: 2n,
        amount: 0n,
        balanceAfter: 6n,
        debtChange: -4n,
        occurredAt: hour(3),
        allocations: [{ grantId: 'new', amount: -4n, order: 1 }],
      },
    ])
    expect(due.book.wallet.debt).toBe(0n)
  })

  test('that has expired already repays debt, and the rest expires as soon as what is due is booked', () => {
    const gone = arriving(10, { grant: aNewGrant('new', { expiresAt: hour(1) }) })
    const { book, repaid } = valueOf(credit(aBook([], { debt: units(4) }), gone))
    expect(repaid).toBe(4n)
    expect(bookDue(book, hour(1)).entries).toMatchObject([{ kind: 'expiry', amount: -6n, balanceAfter: 0n }])
  })

  test('takes its place in the spending order', () => {
    const soon = arriving(1, { grant: aNewGrant('new', { expiresAt: hour(9) }) })
    const { book } = valueOf(credit(aBook([aGrant('a', 1, { expiresAt: hour(8) }), aGrant('b', 1)]), soon))
    expect(book.grants.map(({ id }) => id)).toEqual(['a', 'new', 'b'])
  })

  test('fills a wallet to the largest amount and no further', () => {
    const full = arriving(1, { amount: LARGEST_AMOUNT })
    expect(credit(aBook(), full).ok).toBe(true)
    expect(credit(aBook([aGrant('old', 1)]), full)).toEqual({ ok: false, error: { code: 'out_of_range' } })
    expect(credit(aBook([aGrant('old', 1)], { debt: units(1) }), full).ok).toBe(false)
  })

  test("in a Lite member's wallet the grant is that member's", () => {
    expect(valueOf(credit(aBook([], { memberId: 'lite' }), arriving(1))).grant?.memberId).toBe('lite')
  })

  test('of nothing is not an entry', () => {
    expect(() => credit(aBook(), arriving(0))).toThrow(RangeError)
  })
})
