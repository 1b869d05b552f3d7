import { describe, expect, test } from 'vitest'

import { LARGEST_AMOUNT, type Amount } from '@/lib/money/amount'
import { aBook, aGrant, hour, units, valueOf } from '@/lib/testing/ledger'
import { freeOf, grantOf } from './book'
import { capture } from './capture'
import { bookDue } from './due'
import { extendHold, hold, pinnedBy } from './hold'
import { findBreaches } from './invariants'
import { release } from './release'
import { spend } from './spend'
import type { Book, HoldState } from './types'
import { voidGrant } from './void'

const context = { at: hour(1), meter: 'a' }
const first = aGrant('first', 4, { expiresAt: hour(5) })
const second = aGrant('second', 10, { sequence: 2n })

function held(size: number, book: Book = aBook([first, second])): { book: Book; hold: HoldState } {
  return valueOf(hold(book, { id: 'h', amount: units(size), context, expiresAt: hour(3), shortfall: 'refuse' }))
}

function captured(from: { book: Book; hold: HoldState }, size: number, isFinal = true, at = hour(1)) {
  return valueOf(
    capture(from.book, from.hold, {
      amount: units(size),
      hasUsage: size > 0,
      isFinal,
      context: { ...context, at },
      occurredAt: at,
    }),
  )
}

function remaining(book: Book): readonly (readonly [Amount, Amount])[] {
  return book.grants.map((grant) => [grant.remaining, grant.held])
}

describe('authorizing', () => {
  test('pins grants in spending order and writes no entry', () => {
    const { book, hold: state } = held(6)
    expect(state).toMatchObject({ amount: 6n, captured: 0n, released: 0n, status: 'open' })
    expect(state.parts).toEqual([
      { grantId: 'first', held: 4n },
      { grantId: 'second', held: 2n },
    ])
    expect(remaining(book)).toEqual([
      [4n, 4n],
      [10n, 2n],
    ])
    expect(book.wallet).toMatchObject({ balance: 14n, held: 6n, lastSequence: 2n })
  })

  test('as many holds of one unit as there are units are admitted, the next is refused', () => {
    let book = aBook([first, second])
    for (let count = 0; count < 14; count += 1) book = held(1, book).book
    const next = hold(book, { id: 'h', amount: units(1), context, expiresAt: hour(3), shortfall: 'refuse' })
    expect(next).toEqual({ ok: false, error: { code: 'insufficient_credits', required: 1n, available: 0n } })
  })

  test('under an overdraft the part that no grant covers is authorized and not pinned', () => {
    const request = { id: 'h', context, expiresAt: hour(3), shortfall: { overdraftLimit: units(5) } }
    const { book, hold: state } = valueOf(hold(aBook([second]), { ...request, amount: units(15) }))
    expect([state.amount, pinnedBy(state), book.wallet.held]).toEqual([15n, 10n, 10n])
    expect(hold(aBook([second]), { ...request, amount: units(16) })).toMatchObject({ error: { available: 15n } })
    expect(captured({ book, hold: state }, 15).entry).toMatchObject({ amount: -15n, debtChange: 5n })
  })

  test('zero pins nothing', () => {
    expect(held(0)).toMatchObject({ hold: { amount: 0n, parts: [] }, book: { wallet: { held: 0n } } })
  })

  test('an open hold may be extended until it expires', () => {
    const { hold: state } = held(1)
    expect(extendHold(state, hour(4), hour(2))).toEqual({ ok: true, value: { ...state, expiresAt: hour(4) } })
    expect(extendHold(state, hour(4), hour(3))).toEqual({
      ok: false,
      error: { code: 'invalid_state', status: 'expired' },
    })
    expect(extendHold({ ...state, status: 'released' }, hour(4), hour(2)).ok).toBe(false)
  })
})

describe('capturing', () => {
  test('part of a hold and finally draws what was pinned first and gives the rest back to the same grants', () => {
    const done = captured(held(6), 5)
    expect(done.entry).toMatchObject({
      kind: 'usage',
      amount: -5n,
      allocations: [
        { grantId: 'first', amount: -4n, order: 1 },
        { grantId: 'second', amount: -1n, order: 2 },
      ],
    })
    expect(done.hold).toMatchObject({ status: 'captured', captured: 5n, released: 1n })
    expect(remaining(done.book)).toEqual([
      [0n, 0n],
      [9n, 0n],
    ])
    expect(done.entries).toEqual([done.entry])
  })

  test('several times leaves the hold open until the final one', () => {
    const once = captured(held(6), 3, false)
    const twice = captured(once, 3, false)
    expect([once.hold, twice.hold].map(({ status, captured: sum }) => [status, sum])).toEqual([
      ['open', 3n],
      ['open', 6n],
    ])
    expect(once.book.wallet).toMatchObject({ balance: 11n, held: 3n })
    expect(captured(twice, 0)).toMatchObject({ entry: null, entries: [], hold: { status: 'captured', released: 0n } })
  })

  test('pays from the pinned grants although a better one has arrived since', () => {
    const { book, hold: state } = held(2)
    const better = aBook([...book.grants, aGrant('better', 5, { priority: 0 })], { held: units(2) })
    expect(captured({ book: better, hold: state }, 2).entry?.allocations).toMatchObject([{ grantId: 'first' }])
  })

  test('more than the hold spends the excess like a plain debit', () => {
    const done = captured(held(3), 6)
    expect(done.entry?.allocations).toEqual([
      { grantId: 'first', amount: -3n, order: 1 },
      { grantId: 'first', amount: -1n, order: 2 },
      { grantId: 'second', amount: -2n, order: 3 },
    ])
    expect(done.hold).toMatchObject({ status: 'captured', captured: 6n, released: 0n })
  })

  test('more than there is becomes debt, whatever the policy, and leaves what other holds have pinned alone', () => {
    const other = held(5)
    const mine = held(3, other.book)
    const done = captured(mine, 20)
    expect(done.entry).toMatchObject({ amount: -20n, debtChange: 11n, balanceAfter: -6n })
    expect(done.book.wallet).toMatchObject({ held: 5n, debt: 11n })
    expect(findBreaches(done.book, hour(1), [other.hold, done.hold])).toEqual([])
  })

  test('nothing finally releases the hold', () => {
    expect(captured(held(3), 0)).toMatchObject({
      entry: null,
      hold: { status: 'released', captured: 0n, released: 3n },
    })
  })

  test.each(['captured', 'released'] as const)('a hold that is %s is refused', (status) => {
    const { book, hold: state } = held(3)
    expect(
      capture(
        book,
        { ...state, status },
        { amount: units(1), hasUsage: true, isFinal: true, context, occurredAt: hour(1) },
      ),
    ).toEqual({ ok: false, error: { code: 'invalid_state', status } })
  })

  test('at the expiry instant is late: the hold frees its credit and the usage is a plain debit', () => {
    const start = held(6)
    const done = captured(start, 2, true, hour(3))
    expect(done).toMatchObject({ isLate: true, hold: { status: 'expired', captured: 2n, released: 6n } })
    expect(done.entry).toMatchObject({ amount: -2n, allocations: [{ grantId: 'first', amount: -2n, order: 1 }] })
    expect(done.book.wallet).toMatchObject({ balance: 12n, held: 0n })
    expect(captured(start, 2, true, new Date(hour(3).getTime() - 1)).isLate).toBe(false)
  })

  test('late, when others have spent the freed credit, becomes debt', () => {
    const swept = bookDue(held(14).book, hour(3), [held(14).hold])
    const spent = valueOf(
      spend(swept.book, {
        amount: units(14),
        kind: 'usage',
        context: { ...context, at: hour(3) },
        occurredAt: hour(3),
        shortfall: 'refuse',
      }),
    )
    const [expired] = swept.holds
    if (expired === undefined) throw new Error('the hold did not expire')
    expect(captured({ book: spent.book, hold: expired }, 5, true, hour(4)).entry).toMatchObject({ debtChange: 5n })
  })

  test('debt stays inside the range of an amount', () => {
    const book = aBook([], { debt: LARGEST_AMOUNT })
    const state: HoldState = { ...held(1).hold, parts: [] }
    expect(
      capture(book, state, { amount: units(1), hasUsage: true, isFinal: true, context, occurredAt: hour(1) }),
    ).toEqual({
      ok: false,
      error: { code: 'out_of_range' },
    })
  })
})

describe('releasing', () => {
  test('gives back to the same grants, and twice gives the same answer', () => {
    const start = held(6)
    const once = valueOf(release(start.book, start.hold, hour(2)))
    expect(once.hold).toMatchObject({ status: 'released', released: 6n })
    expect(once.book.grants.map(freeOf)).toEqual([4n, 10n])
    expect(valueOf(release(once.book, once.hold, hour(2)))).toEqual({ ...once, entries: [] })
  })

  test('a captured hold is refused', () => {
    const done = captured(held(6), 5)
    expect(release(done.book, done.hold, hour(2))).toEqual({
      ok: false,
      error: { code: 'invalid_state', status: 'captured' },
    })
  })

  test('what was held over its expiry does not expire until it is released, and then at once', () => {
    const { book, hold: state } = held(3)
    const swept = bookDue(book, hour(6))
    expect(swept.entries).toMatchObject([{ kind: 'expiry', amount: -1n, occurredAt: hour(5) }])
    expect(grantOf(swept.book, 'first')).toMatchObject({ remaining: 3n, held: 3n })
    expect(bookDue(swept.book, hour(7)).entries).toEqual([])

    const freed = valueOf(release(swept.book, state, hour(8)))
    expect(freed.entries).toMatchObject([
      { kind: 'expiry', amount: -3n, occurredAt: hour(8), allocations: [{ grantId: 'first', amount: -3n, order: 1 }] },
    ])
    expect(bookDue(freed.book, hour(9)).entries).toEqual([])
  })

  test('a held part of a voided grant is taken back when it comes free', () => {
    const { book, hold: state } = held(3)
    const voided = valueOf(voidGrant(book, 'first', hour(2)))
    expect(voided.entries).toMatchObject([{ kind: 'reversal', amount: -1n }])
    const freed = valueOf(release(voided.book, state, hour(2)))
    expect(freed.entries).toMatchObject([{ kind: 'reversal', amount: -3n, allocations: [{ grantId: 'first' }] }])
  })

  test('unscoped credit that comes free repays debt', () => {
    const mine = held(14)
    const other: HoldState = { ...mine.hold, id: 'other', parts: [] }
    const inDebt = captured({ book: mine.book, hold: other }, 5)
    expect(inDebt.book.wallet.debt).toBe(5n)
    const freed = valueOf(release(inDebt.book, mine.hold, hour(2)))
    expect(freed.entries).toMatchObject([
      { kind: 'settlement', amount: 0n, debtChange: -5n, allocations: [{ amount: -4n }, { amount: -1n }] },
    ])
    expect(freed.book.wallet).toMatchObject({ balance: 9n, held: 0n, debt: 0n })
  })
})
