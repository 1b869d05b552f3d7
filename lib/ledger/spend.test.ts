import { describe, expect, test } from 'vitest'

import { LARGEST_AMOUNT } from '@/lib/money/amount'
import { aBook, aGrant, hour, units, valueOf } from '@/lib/testing/ledger'
import { availableFor } from './balance'
import { changedGrants, openBook } from './book'
import { spend, type Spend } from './spend'
import type { Book } from './types'

function request(size: number, fields: Partial<Spend> = {}): Spend {
  return {
    amount: units(size),
    kind: 'usage',
    context: { at: hour(1), meter: 'a' },
    occurredAt: hour(0),
    shortfall: 'refuse',
    ...fields,
  }
}

const promo = aGrant('promo', 3, { sequence: 2n, scope: { meters: ['a'] } })
const other = aGrant('other', 3, { sequence: 3n, scope: { meters: ['b'] } })
const paid = aGrant('paid', 10)

describe('spending', () => {
  test('draws in spending order and says which grant gave how much', () => {
    const { book, entry } = valueOf(spend(aBook([paid, other, promo]), request(5)))
    expect(entry).toEqual({
      kind: 'usage',
      sequence: 4n,
      amount: -5n,
      balanceAfter: 11n,
      debtChange: 0n,
      occurredAt: hour(0),
      allocations: [
        { grantId: 'promo', amount: -3n, order: 1 },
        { grantId: 'paid', amount: -2n, order: 2 },
      ],
    })
    expect(book.wallet).toMatchObject({ balance: 11n, debt: 0n, lastSequence: 4n })
    expect(book.grants.map(({ id, remaining }) => [id, remaining])).toEqual([
      ['promo', 0n],
      ['other', 3n],
      ['paid', 8n],
    ])
  })

  test('the last unit can be spent, one more is refused with what this very request could have had', () => {
    const book = aBook([paid, other, promo])
    expect(valueOf(spend(book, request(13))).book.wallet.balance).toBe(3n)
    expect(spend(book, request(14))).toEqual({
      ok: false,
      error: { code: 'insufficient_credits', required: 14n, available: 13n },
    })
    expect(availableFor(book, { at: hour(1), meter: 'a' })).toBe(13n)
  })

  test('what a hold has pinned is not spent', () => {
    const book = aBook([{ ...paid, held: units(4) }])
    expect(valueOf(spend(book, request(6))).book.grants[0]).toMatchObject({ remaining: 4n, held: 4n })
    expect(spend(book, request(7)).ok).toBe(false)
  })

  test('the instant of the decision chooses the grants, not the instant of the usage', () => {
    const book = aBook([aGrant('gone', 5, { expiresAt: hour(1) })])
    expect(spend(book, request(1, { occurredAt: hour(0) }))).toMatchObject({ ok: false, error: { available: 0n } })
  })

  test('an overdraft goes down to its limit and not a unit further', () => {
    const allowed = request(12, { shortfall: { overdraftLimit: units(2) } })
    const { book, entry } = valueOf(spend(aBook([paid]), allowed))
    expect(entry).toMatchObject({ amount: -12n, debtChange: 2n, balanceAfter: -2n })
    expect(book.wallet.debt).toBe(2n)
    expect(spend(book, { ...allowed, amount: units(1) })).toMatchObject({ ok: false, error: { available: 0n } })
    expect(spend(aBook([paid]), { ...allowed, amount: units(13) })).toMatchObject({ error: { available: 12n } })
  })

  test('a limit lowered below the debt leaves what the grants have and no more', () => {
    const scoped = aBook([promo], { debt: units(9) })
    const allowed = request(3, { shortfall: { overdraftLimit: units(2) } })
    expect(spend(scoped, allowed).ok).toBe(true)
    expect(spend(scoped, { ...allowed, amount: units(4) })).toMatchObject({ ok: false, error: { available: 3n } })
  })

  test('usage that has to be recorded becomes debt whatever it comes to', () => {
    const { entry } = valueOf(spend(aBook(), request(7, { shortfall: 'debt' })))
    expect(entry).toMatchObject({ amount: -7n, debtChange: 7n, balanceAfter: -7n, allocations: [] })
  })

  test('debt stays inside the range of an amount', () => {
    const book = aBook([], { debt: LARGEST_AMOUNT })
    expect(spend(book, request(1, { shortfall: 'debt' }))).toEqual({ ok: false, error: { code: 'out_of_range' } })
  })

  test('an amount of zero is not an entry', () => {
    expect(() => spend(aBook([paid]), request(0))).toThrow(RangeError)
  })

  test('a debit leaves the book it was given as it was, and names only the grants it touched', () => {
    const before = aBook([paid, other, promo])
    const picture = structuredClone(before)
    const { book } = valueOf(spend(before, request(2)))
    expect(before).toEqual(picture)
    expect(changedGrants(before, book).map(({ id }) => id)).toEqual(['promo'])
    const elsewhere = valueOf(spend(before, request(2, { context: { at: hour(1), meter: 'c' } })))
    expect(changedGrants(before, elsewhere.book).map(({ id }) => id)).toEqual(['paid'])
    expect(changedGrants(before, before)).toEqual([])
  })

  test("a Lite member's wallet pays with that member's own grants and can hold no other", () => {
    const own = aGrant('own', 2, { memberId: 'lite' })
    const lite = aBook([own], { memberId: 'lite' })
    expect(spend(lite, request(3))).toMatchObject({ ok: false, error: { available: 2n } })
    expect(() => openBook(lite.wallet, [own, paid])).toThrow('does not belong')
    expect(() => aBook([own])).toThrow('does not belong')
  })

  test('a batch of a thousand debits draws grant after grant, touching one grant a debit', () => {
    const grants = Array.from({ length: 1_000 }, (_, index) =>
      aGrant(`g${index}`, 3, { sequence: BigInt(index + 1), scope: index % 2 === 0 ? { meters: ['b'] } : null }),
    )
    let book: Book = aBook(grants)
    let touched = 0
    for (let count = 0; count < 1_000; count += 1) {
      const next = valueOf(spend(book, request(1)))
      touched += next.entry.allocations.length
      book = next.book
    }
    expect(touched).toBe(1_000)
    expect(book.wallet.balance).toBe(2_000n)
    expect(changedGrants(aBook(grants), book).filter(({ remaining }) => remaining < 3n)).toHaveLength(334)
  })
})
