import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { cents } from '@/lib/money/cents'
import { aGrant, hour, units } from '@/lib/testing/ledger'
import { compareSpendingOrder, isEligible, isScoped } from './spending-order'
import type { GrantState } from './types'

const free = { costBasisCents: cents(0n) }

/** Each line of the order: the first of two grants pays although every later line speaks for the second. */
const lines: readonly (readonly [string, Partial<GrantState>, Partial<GrantState>])[] = [
  [
    "a Lite member's own grant pays before one of lower priority",
    { memberId: 'lite', priority: 100 },
    { priority: 0, scope: { meters: ['a'] }, expiresAt: hour(1) },
  ],
  [
    'the lower priority number pays before a scoped grant',
    { priority: 10 },
    { priority: 11, scope: { meters: ['a'] }, expiresAt: hour(1) },
  ],
  ['a scoped grant pays before one that expires sooner', { scope: { models: ['m'] } }, { expiresAt: hour(1), ...free }],
  ['the sooner expiry pays before a free grant', { expiresAt: hour(5) }, { expiresAt: hour(6), ...free }],
  ['a grant that expires pays before one that never does', { expiresAt: hour(9_999) }, free],
  [
    'a free grant pays before a paid one that is effective earlier',
    { ...free, effectiveAt: hour(2) },
    { effectiveAt: hour(1) },
  ],
  [
    'the grant effective earlier pays before one of lower sequence',
    { effectiveAt: hour(1), sequence: 9n },
    { effectiveAt: hour(2), sequence: 1n },
  ],
  ['of grants equal in all else the one made first pays', { sequence: 9n }, { sequence: 10n }],
]

describe('which grant pays first', () => {
  test.each(lines)('%s', (_line, first, second) => {
    const [left, right] = [aGrant('first', 1, first), aGrant('second', 1, second)]
    expect(compareSpendingOrder(left, right)).toBeLessThan(0)
    expect(compareSpendingOrder(right, left)).toBeGreaterThan(0)
  })

  test('the order is total and does not depend on how the grants were read', () => {
    const grant = fc
      .record({
        priority: fc.constantFrom(0, 50),
        scope: fc.constantFrom(null, {}, { meters: ['a'] }),
        expiresAt: fc.constantFrom(null, hour(1), hour(2)),
        costBasisCents: fc.constantFrom(cents(0n), cents(1n), cents(2n)),
        effectiveAt: fc.constantFrom(hour(0), hour(1)),
      })
      .map((fields) => aGrant('any', 1, fields))
    const grants = fc
      .array(grant, { maxLength: 8 })
      .map((list) => list.map((each, index): GrantState => ({ ...each, id: `g${index}`, sequence: BigInt(index + 1) })))
    fc.assert(
      fc.property(grants, fc.infiniteStream(fc.nat()), (list, keys) => {
        const shuffled = list
          .map((each) => ({ each, key: keys.next().value ?? 0 }))
          .sort((left, right) => left.key - right.key)
          .map(({ each }) => each)
        expect(shuffled.sort(compareSpendingOrder)).toEqual(list.toSorted(compareSpendingOrder))
      }),
    )
  })

  test('a scope without lists is no scope', () => {
    expect([isScoped(null), isScoped({}), isScoped({ features: ['f'] })]).toEqual([false, false, true])
  })
})

describe('who may pay', () => {
  const grant = aGrant('g', 10, { effectiveAt: hour(1), expiresAt: hour(2) })

  test('a grant pays from its effective instant on', () => {
    const before = new Date(hour(1).getTime() - 1)
    expect([before, hour(1)].map((at) => isEligible(grant, { at }))).toEqual([false, true])
  })

  test('a grant is unspendable the instant it expires', () => {
    const before = new Date(hour(2).getTime() - 1)
    expect([before, hour(2)].map((at) => isEligible(grant, { at }))).toEqual([true, false])
  })

  test.each([
    ['frozen', { frozen: true }],
    ['void', { voided: true }],
    ['pinned by holds to its last unit', { held: units(10) }],
    ['depleted', { remaining: units(0) }],
  ])('a grant that is %s does not pay', (_state, fields) => {
    expect(isEligible({ ...grant, ...fields }, { at: hour(1) })).toBe(false)
  })

  test.each([
    ['meters', { meter: 'x' }, { meter: 'y' }],
    ['models', { model: 'x' }, { model: 'y' }],
    ['members', { member: 'x' }, { member: 'y' }],
    ['features', { feature: 'x' }, { feature: 'y' }],
  ])('a scope of %s matches what it names, not another and not an unnamed one', (list, named, other) => {
    const scoped = aGrant('g', 10, { scope: { [list]: ['w', 'x'] } })
    expect([named, other, {}].map((context) => isEligible(scoped, { at: hour(1), ...context }))).toEqual([
      true,
      false,
      false,
    ])
  })

  test('every list of a scope has to match', () => {
    const scoped = aGrant('g', 10, { scope: { meters: ['a'], models: ['m'] } })
    const asked = [{ meter: 'a', model: 'm' }, { meter: 'a', model: 'n' }, { meter: 'b', model: 'm' }, { meter: 'a' }]
    expect(asked.map((context) => isEligible(scoped, { at: hour(1), ...context }))).toEqual([true, false, false, false])
  })
})
