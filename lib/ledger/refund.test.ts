import { describe, expect, test } from 'vitest'

import { LARGEST_AMOUNT } from '@/lib/money/amount'
import { aBook, aGrant, hour, units, valueOf } from '@/lib/testing/ledger'
import { grantOf } from './book'
import { bookDue } from './due'
import { freezeGrant, unfreezeGrant } from './freeze'
import { takeBack, type TakeBack } from './refund'
import { voidGrant } from './void'

const bought = aGrant('bought', 10, { remaining: units(6), held: units(1), expiresAt: hour(5) })

function request(size: number, fields: Partial<TakeBack> = {}): TakeBack {
  return {
    kind: 'refund',
    grantId: 'bought',
    amount: units(size),
    lapsed: units(0),
    shortfall: 'refuse',
    at: hour(1),
    occurredAt: hour(1),
    ...fields,
  }
}

describe('a refund', () => {
  test('asked for here takes the unspent part at most, and what is held is not unspent', () => {
    const { entries, book } = valueOf(takeBack(aBook([bought]), request(5)))
    expect(entries).toMatchObject([
      { kind: 'refund', amount: -5n, debtChange: 0n, allocations: [{ grantId: 'bought', amount: -5n }] },
    ])
    expect(book.wallet).toMatchObject({ balance: 1n, held: 1n, debt: 0n })
    expect(takeBack(aBook([bought]), request(6))).toEqual({
      ok: false,
      error: { code: 'exceeds_unspent', refundable: 5n },
    })
  })

  test('done by Stripe makes debt of what was spent', () => {
    const { entry, taken, becameDebt } = valueOf(takeBack(aBook([bought]), request(8, { shortfall: 'debt' })))
    expect(entry).toMatchObject({ amount: -8n, debtChange: 3n, balanceAfter: -2n })
    expect([taken, becameDebt]).toEqual([5n, 3n])
  })

  test('of a payment that repaid debt and bought no grant is debt again', () => {
    const gone = request(4, { grantId: null, shortfall: 'debt' })
    expect(valueOf(takeBack(aBook(), gone)).entry).toMatchObject({ amount: -4n, debtChange: 4n, allocations: [] })
  })

  test('of credit that expired unspent is no debt', () => {
    const expired = bookDue(aBook([{ ...bought, held: units(0) }]), hour(5)).book
    const lapsed = request(6, { shortfall: 'debt', lapsed: units(6) })
    expect(valueOf(takeBack(expired, lapsed))).toMatchObject({ entry: null, entries: [], taken: 0n, becameDebt: 0n })
    expect(valueOf(takeBack(expired, { ...lapsed, amount: units(10) })).becameDebt).toBe(4n)
  })

  test('that makes debt is covered at once by other unscoped credit', () => {
    const other = aGrant('other', 9, { sequence: 2n })
    const scoped = aGrant('scoped', 9, { sequence: 3n, scope: { meters: ['a'] } })
    const { entries, book } = valueOf(takeBack(aBook([bought, other, scoped]), request(8, { shortfall: 'debt' })))
    expect(entries).toMatchObject([
      { kind: 'refund', amount: -8n, debtChange: 3n },
      { kind: 'settlement', amount: 0n, debtChange: -3n, allocations: [{ grantId: 'other', amount: -3n }] },
    ])
    expect(book.wallet.debt).toBe(0n)
  })

  test('keeps debt inside the range of an amount', () => {
    const book = aBook([], { debt: LARGEST_AMOUNT })
    const refused = takeBack(book, request(1, { grantId: null, shortfall: 'debt' }))
    expect(refused).toEqual({ ok: false, error: { code: 'out_of_range' } })
  })
})

describe('a dispute', () => {
  test('freezes what is unspent: not spendable, not refundable, not destroyed by expiry', () => {
    const frozen = freezeGrant(aBook([bought]), 'bought')
    expect(freezeGrant(frozen, 'bought')).toBe(frozen)
    expect(takeBack(frozen, request(1))).toEqual({ ok: false, error: { code: 'grant_frozen' } })
    expect(voidGrant(frozen, 'bought', hour(1))).toEqual({ ok: false, error: { code: 'grant_frozen' } })
    expect(bookDue(frozen, hour(9)).entries).toEqual([])
  })

  test('that is won unfreezes in place', () => {
    const book = aBook([bought])
    const won = unfreezeGrant(freezeGrant(book, 'bought'), 'bought', hour(2))
    expect(won).toEqual({ book, entries: [] })
    expect(unfreezeGrant(book, 'bought', hour(2)).book).toBe(book)
  })

  test('that is won after the expiry lets the credit expire at once', () => {
    const won = unfreezeGrant(freezeGrant(aBook([bought]), 'bought'), 'bought', hour(8))
    expect(won.entries).toMatchObject([{ kind: 'expiry', amount: -5n, occurredAt: hour(8) }])
    expect(grantOf(won.book, 'bought')).toMatchObject({ remaining: 1n, held: 1n, expiresAt: hour(5) })
  })

  test('that is won lets unscoped credit repay the debt that arose meanwhile', () => {
    const inDebt = freezeGrant(aBook([bought], { debt: units(2) }), 'bought')
    const won = unfreezeGrant(inDebt, 'bought', hour(2))
    expect(won.entries).toMatchObject([{ kind: 'settlement', amount: 0n, debtChange: -2n }])
  })

  test('that is lost takes the frozen credit, and what was spent becomes debt', () => {
    const lost = request(10, { kind: 'dispute', shortfall: 'debt' })
    const { entries, book } = valueOf(takeBack(freezeGrant(aBook([bought]), 'bought'), lost))
    expect(entries).toMatchObject([{ kind: 'dispute', amount: -10n, debtChange: 5n, balanceAfter: -4n }])
    expect(unfreezeGrant(book, 'bought', hour(2)).entries).toEqual([])
  })
})

describe('voiding a grant', () => {
  test('takes back what is free by a reversal, once', () => {
    const { entries, book } = valueOf(voidGrant(aBook([bought]), 'bought', hour(2)))
    expect(entries).toMatchObject([{ kind: 'reversal', amount: -5n, occurredAt: hour(2), debtChange: 0n }])
    expect(grantOf(book, 'bought')).toMatchObject({ voided: true, remaining: 1n, held: 1n })
    expect(valueOf(voidGrant(book, 'bought', hour(3)))).toEqual({ book, entries: [] })
  })

  test('that has nothing left writes no entry', () => {
    const spent = aBook([{ ...bought, remaining: units(0), held: units(0) }])
    expect(valueOf(voidGrant(spent, 'bought', hour(2)))).toMatchObject({
      entries: [],
      book: { grants: [{ voided: true }] },
    })
  })
})
