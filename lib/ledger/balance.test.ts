import { describe, expect, test } from 'vitest'

import { aBook, aGrant, hour, units } from '@/lib/testing/ledger'
import { summarize } from './balance'

describe('the figures of a balance', () => {
  const grants = [
    aGrant('plain', 100, { held: units(1) }),
    aGrant('scoped', 50, { scope: { meters: ['a'] }, expiresAt: hour(9) }),
    aGrant('upcoming', 30, { effectiveAt: hour(3), expiresAt: hour(9) }),
    aGrant('frozen', 20, { frozen: true, expiresAt: hour(2) }),
    aGrant('expired', 10, { expiresAt: hour(1) }),
    aGrant('void', 5, { voided: true, held: units(5) }),
    aGrant('void while frozen', 2, { voided: true, frozen: true }),
  ]

  test('never overlap: held, available, upcoming and frozen credit, and what expired but is not booked, make up the balance', () => {
    expect(summarize(aBook(grants), hour(1))).toEqual({
      balance: 217n,
      held: 6n,
      available: 149n,
      unrestricted: 99n,
      upcoming: 30n,
      frozen: 22n,
      debt: 0n,
      nextExpiry: { amount: 80n, at: hour(9) },
    })
  })

  test('the next expiry counts what is free and spares what is held or frozen', () => {
    const held = aGrant('held', 4, { held: units(4), expiresAt: hour(2) })
    const part = aGrant('part', 4, { held: units(1), expiresAt: hour(6) })
    expect(summarize(aBook([held, part, ...grants]), hour(1)).nextExpiry).toEqual({ amount: 3n, at: hour(6) })
    expect(summarize(aBook(grants), hour(9)).nextExpiry).toBeNull()
  })

  test('a wallet without credit has zeros and its debt', () => {
    expect(summarize(aBook([], { debt: units(7) }), hour(1))).toEqual({
      balance: -7n,
      held: 0n,
      available: 0n,
      unrestricted: 0n,
      upcoming: 0n,
      frozen: 0n,
      debt: 7n,
      nextExpiry: null,
    })
  })
})
