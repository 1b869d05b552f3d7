import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { aBook, aGrant, hour, units } from '@/lib/testing/ledger'
import { bookDue } from './due'
import { nextDueInstant } from './next-due'
import type { Book } from './types'

const grant = fc.record({
  size: fc.integer({ min: 1, max: 9 }),
  free: fc.boolean(),
  scoped: fc.boolean(),
  from: fc.integer({ min: 0, max: 8 }),
  lasts: fc.option(fc.integer({ min: 1, max: 8 })),
  frozen: fc.boolean(),
})

/** Books as the ledger leaves them: debt only while no unscoped grant in force has anything free, which `bookDue` at hour 0 sees to. */
const book: fc.Arbitrary<Book> = fc.tuple(fc.array(grant, { maxLength: 5 }), fc.integer({ min: 0, max: 12 })).map(
  ([grants, debt]) =>
    bookDue(
      aBook(
        grants.map(({ size, free, scoped, from, lasts, frozen }, index) =>
          aGrant(`grant-${index}`, size, {
            sequence: BigInt(index + 1),
            held: units(free ? 0 : size),
            scope: scoped ? { meters: ['m'] } : null,
            effectiveAt: hour(from),
            expiresAt: lasts === null ? null : hour(from + lasts),
            frozen,
          }),
        ),
        { debt: units(debt) },
      ),
      hour(0),
    ).book,
)

describe('the next instant at which something falls due', () => {
  it('is the first at which booking changes the book, and null when none ever does', () => {
    fc.assert(
      fc.property(book, (before) => {
        const changes = Array.from({ length: 20 }, (_, index) => hour(index)).find(
          (at) => bookDue(before, at).book !== before,
        )
        expect(nextDueInstant(before)).toEqual(changes ?? null)
      }),
    )
  })

  it('moves on once it was booked', () => {
    fc.assert(
      fc.property(book, (before) => {
        const at = nextDueInstant(before)
        if (at === null) return
        const next = nextDueInstant(bookDue(before, at).book)
        expect(next === null || next > at).toBe(true)
      }),
    )
  })
})
