import { describe, expect, test } from 'vitest'

import { LARGEST_AMOUNT } from '@/lib/money/amount'
import { aBook, aGrant, aNewGrant, hour, units, valueOf } from '@/lib/testing/ledger'
import { grantOf, openBook, withGrants } from './book'
import { credit } from './credit'
import { freezeGrant } from './freeze'
import { reverse, type Reversal } from './reverse'
import { spend } from './spend'
import type { Book, EntryDraft } from './types'
import { voidGrant } from './void'

const a = aGrant('a', 4, { sequence: 1n, expiresAt: hour(5) })
const b = aGrant('b', 5, { sequence: 2n, expiresAt: hour(6) })
const c = aGrant('c', 6, { sequence: 3n })

function charged(size: number, book: Book = aBook([a, b, c])): { book: Book; entry: EntryDraft } {
  const context = { at: hour(1), meter: 'a' }
  const request = {
    amount: units(size),
    kind: 'usage' as const,
    context,
    occurredAt: hour(1),
    shortfall: 'debt' as const,
  }
  return valueOf(spend(book, request))
}

function request(original: EntryDraft, fields: Partial<Reversal> = {}): Reversal {
  return {
    original,
    alreadyReversed: units(0),
    amount: null,
    remainder: aNewGrant('remainder', { expiresAt: hour(7) }),
    at: hour(2),
    occurredAt: hour(2),
    ...fields,
  }
}

describe('reversing a charge', () => {
  test('three times in part unwinds the recorded order from its end, debt first', () => {
    const { book, entry } = charged(17)
    expect(entry).toMatchObject({ debtChange: 2n, allocations: [{ amount: -4n }, { amount: -5n }, { amount: -6n }] })

    const first = valueOf(reverse(book, request(entry, { amount: units(4) })))
    expect(first.entry).toEqual({
      kind: 'reversal',
      sequence: 5n,
      amount: 4n,
      balanceAfter: 2n,
      debtChange: -2n,
      occurredAt: hour(2),
      allocations: [{ grantId: 'c', amount: 2n, order: 1 }],
    })
    const second = valueOf(reverse(first.book, request(entry, { amount: units(7), alreadyReversed: units(4) })))
    expect(second.entry.allocations).toEqual([
      { grantId: 'c', amount: 4n, order: 1 },
      { grantId: 'b', amount: 3n, order: 2 },
    ])
    const third = valueOf(reverse(second.book, request(entry, { alreadyReversed: units(11) })))
    expect(third.entry).toMatchObject({ amount: 6n, balanceAfter: 15n })
    expect(third.entry.allocations.map(({ grantId, amount }) => [grantId, amount])).toEqual([
      ['b', 2n],
      ['a', 4n],
    ])
    expect(third.book.grants.map(({ remaining }) => remaining)).toEqual([4n, 5n, 6n])
  })

  test('never gives back more than was charged', () => {
    const { book, entry } = charged(10)
    const refusal = { ok: false, error: { code: 'exceeds_charge', reversible: 3n } }
    expect(reverse(book, request(entry, { amount: units(4), alreadyReversed: units(7) }))).toEqual(refusal)
    expect(reverse(book, request(entry, { alreadyReversed: units(10) }))).toMatchObject({ error: { reversible: 0n } })
    expect(reverse(book, request(entry, { amount: units(11) }))).toMatchObject({ error: { reversible: 10n } })
  })

  test("follows the recorded order although today's priorities say otherwise", () => {
    const { book, entry } = charged(5)
    const turned = openBook(
      book.wallet,
      book.grants.map((grant) => ({ ...grant, priority: grant.id === 'a' ? 99 : 1 })),
    )
    const allocations = valueOf(reverse(turned, request(entry))).entry.allocations
    expect(allocations.map(({ grantId, amount }) => [grantId, amount])).toEqual([
      ['b', 1n],
      ['a', 4n],
    ])
  })

  test('what comes back to a grant that has expired since expires at once', () => {
    const { book, entry } = charged(5)
    const { entries } = valueOf(reverse(book, request(entry, { at: hour(5) })))
    expect(entries).toMatchObject([
      { kind: 'reversal', amount: 5n },
      { kind: 'expiry', amount: -4n, occurredAt: hour(5), allocations: [{ grantId: 'a', amount: -4n }] },
    ])
  })

  test('what comes back to a voided grant is taken back, to a frozen one stays frozen', () => {
    const { book, entry } = charged(4)
    const voided = valueOf(voidGrant(book, 'a', hour(2))).book
    expect(valueOf(reverse(voided, request(entry))).entries).toMatchObject([{ amount: 4n }, { amount: -4n }])
    const frozen = valueOf(reverse(freezeGrant(book, 'a'), request(entry, { at: hour(9) })))
    expect(frozen.entries).toHaveLength(1)
    expect(grantOf(frozen.book, 'a').remaining).toBe(4n)
  })

  test('debt that was repaid since comes back as a grant of the given expiry, and only that part', () => {
    const { book, entry } = charged(20)
    expect(entry.debtChange).toBe(5n)
    const grant = aNewGrant('bought', { expiresAt: hour(7) })
    const bought = valueOf(
      credit(book, { kind: 'purchase', amount: units(3), grant, at: hour(1), occurredAt: hour(1) }),
    )
    const { entry: reversal, grant: made } = valueOf(reverse(bought.book, request(entry, { amount: units(6) })))
    expect(reversal).toMatchObject({ amount: 6n, debtChange: -2n })
    expect(reversal.allocations).toEqual([
      { grantId: 'remainder', amount: 3n, order: 1 },
      { grantId: 'c', amount: 1n, order: 2 },
    ])
    expect(made).toMatchObject({ amount: 3n, remaining: 3n, expiresAt: hour(7), sequence: reversal.sequence })
  })

  test('unscoped credit that comes back repays debt of later usage', () => {
    const { book, entry } = charged(15)
    const later = charged(3, book)
    const { entries, book: after } = valueOf(reverse(later.book, request(entry, { amount: units(4) })))
    expect(entries).toMatchObject([
      { kind: 'reversal', amount: 4n, debtChange: 0n },
      { kind: 'settlement', amount: 0n, debtChange: -3n, allocations: [{ grantId: 'c', amount: -3n }] },
    ])
    expect(after.wallet).toMatchObject({ balance: 1n, debt: 0n })
  })

  test('feeds depleted grants that were read for it', () => {
    const { book, entry } = charged(9)
    const reread = openBook(
      book.wallet,
      book.grants.filter((grant) => grant.remaining > 0n),
    )
    expect(() => reverse(reread, request(entry))).toThrow('is not in the book')
    const widened = withGrants(reread, book.grants)
    expect(widened).toEqual(book)
    expect(valueOf(reverse(widened, request(entry))).book.wallet.balance).toBe(15n)
  })

  test('a wallet never holds more than the largest amount', () => {
    const { book, entry } = charged(4, aBook([a]))
    const grant = aNewGrant('bought')
    const full = valueOf(
      credit(book, { kind: 'purchase', amount: LARGEST_AMOUNT, grant, at: hour(1), occurredAt: hour(1) }),
    )
    expect(reverse(full.book, request(entry))).toEqual({ ok: false, error: { code: 'out_of_range' } })
  })
})
