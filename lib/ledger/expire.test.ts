import { describe, expect, test } from 'vitest'

import { aBook, aGrant, hour, units } from '@/lib/testing/ledger'
import { bookDue } from './due'
import { expireDue } from './expire'
import type { HoldState } from './types'

const late = aGrant('late', 3, { sequence: 1n, expiresAt: hour(4) })
const soon = aGrant('soon', 5, { sequence: 3n, expiresAt: hour(2), priority: 90 })
const twin = aGrant('twin', 7, { sequence: 2n, expiresAt: hour(2), priority: 99 })
const kept = aGrant('kept', 9, { sequence: 4n })

describe('expiry', () => {
  test('is booked for what remained in that very grant, in the order of the instants and then of sequence, dated at the instant', () => {
    const { book, entries } = expireDue(aBook([late, soon, twin, kept]), hour(9))
    expect(entries.map(({ occurredAt, allocations, amount }) => [occurredAt, allocations[0]?.grantId, amount])).toEqual(
      [
        [hour(2), 'twin', -7n],
        [hour(2), 'soon', -5n],
        [hour(4), 'late', -3n],
      ],
    )
    expect(entries.map(({ kind, sequence, balanceAfter }) => [kind, sequence, balanceAfter])).toEqual([
      ['expiry', 5n, 17n],
      ['expiry', 6n, 12n],
      ['expiry', 7n, 9n],
    ])
    expect(book.wallet.balance).toBe(9n)
  })

  test('comes at the expiry instant, not a millisecond before', () => {
    const book = aBook([soon])
    expect(bookDue(book, new Date(hour(2).getTime() - 1))).toEqual({ book, entries: [], holds: [] })
    expect(bookDue(book, hour(2)).entries).toHaveLength(1)
  })

  test('is booked exactly once', () => {
    const once = bookDue(aBook([late, soon]), hour(9))
    expect(once.entries).toHaveLength(2)
    const again = bookDue(once.book, hour(10))
    expect([again.entries, again.book]).toEqual([[], once.book])
  })

  test('spares what is held, frozen or void', () => {
    const grants = [
      { ...late, held: units(1) },
      { ...soon, frozen: true },
      { ...twin, voided: true },
    ]
    const { book, entries } = bookDue(aBook(grants), hour(9))
    expect(entries).toMatchObject([{ amount: -2n, allocations: [{ grantId: 'late' }] }])
    expect(book.grants.map(({ remaining }) => remaining)).toEqual([1n, 5n, 7n])
  })
})

describe('what is due', () => {
  const expiring: HoldState = {
    id: 'h',
    amount: units(3),
    captured: units(0),
    released: units(0),
    status: 'open',
    expiresAt: hour(3),
    parts: [{ grantId: 'late', held: units(3) }],
  }

  test('happens in order: a hold that expires before its grant frees credit that expires with the grant', () => {
    const { entries, holds } = bookDue(aBook([{ ...late, held: units(3) }]), hour(9), [expiring])
    expect(entries).toMatchObject([{ kind: 'expiry', amount: -3n, occurredAt: hour(4) }])
    expect(holds).toMatchObject([{ status: 'expired', released: 3n }])
  })

  test('a hold that outlives its grant frees credit that expires then', () => {
    const { entries } = bookDue(aBook([{ ...late, held: units(3) }]), hour(9), [{ ...expiring, expiresAt: hour(6) }])
    expect(entries).toMatchObject([{ kind: 'expiry', amount: -3n, occurredAt: hour(6) }])
  })

  test('an open hold before its instant and a closed one are left alone', () => {
    const book = aBook([{ ...kept, held: units(3) }])
    const holds: HoldState[] = [
      { ...expiring, expiresAt: hour(10) },
      { ...expiring, status: 'released', parts: [] },
    ]
    expect(bookDue(book, hour(9), holds)).toEqual({ book, entries: [], holds: [] })
  })

  test('credit that became effective and expired unseen repaid debt while it was in force', () => {
    const window = aGrant('window', 10, { effectiveAt: hour(2), expiresAt: hour(4) })
    const { entries, book } = bookDue(aBook([window], { debt: units(4) }), hour(9))
    expect(entries).toMatchObject([
      { kind: 'settlement', debtChange: -4n, occurredAt: hour(2) },
      { kind: 'expiry', amount: -6n, occurredAt: hour(4) },
    ])
    expect(book.wallet).toMatchObject({ balance: 0n, debt: 0n })
  })

  test('scoped credit that became effective leaves debt alone', () => {
    const scoped = aGrant('scoped', 10, { effectiveAt: hour(2), scope: { meters: ['a'] } })
    expect(bookDue(aBook([scoped], { debt: units(4) }), hour(9)).entries).toEqual([])
  })
})
