import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { cents } from '@/lib/money/cents'
import { periodOf } from '@/lib/usage/rules/period'

import { comparePrices, prorate, type PricedPlan } from './plan-change'

const AT = new Date('2026-11-19T00:00:00Z')
const NOVEMBER = periodOf(AT, 'UTC', 1, 'month')

function plan(name: string, price: number, period = NOVEMBER): PricedPlan {
  return { name, monthlyPriceCents: cents(BigInt(price)), period }
}

describe('what a change of plan means in money', () => {
  it('is told in figures and a sentence when another plan costs more', () => {
    expect(comparePrices(plan('Starter', 2_000), plan('Pro', 5_000), AT)).toEqual({
      beforeCents: 2_000n,
      afterCents: 5_000n,
      daysLeft: 12,
      unusedCents: 800n,
      remainingCents: 2_000n,
      differenceCents: 1_200n,
      sentence: 'Pro costs $50 a month, Starter $20. For the 12 days left of this period that is $12 more.',
    })
  })

  it.each([
    [
      plan('Pro', 5_000),
      plan('Starter', 2_050),
      'Starter costs $20.50 a month, Pro $50. For the 12 days left of this period that is $11.80 less.',
    ],
    [null, plan('Pro', 5_000), 'Pro costs $50 a month. For the 12 days left of this period that is $20.'],
    [
      plan('Pro', 5_000),
      null,
      'Pro costs $50 a month. It ends now: $20 of that falls on the 12 days left of this period.',
    ],
    [plan('Pro', 5_000), plan('Pro', 5_000), 'Pro costs $50 a month, as before.'],
    [
      plan('Pro', 5_000),
      plan('Team', 5_000),
      'Team costs $50 a month, Pro $50. For the 12 days left of this period that is nothing more or less.',
    ],
    [null, null, 'There is no plan, before or after.'],
  ])('is told in words: %#', (before, after, sentence) => {
    expect(comparePrices(before, after, AT).sentence).toBe(sentence)
  })

  it('counts a begun day whole, and calls one that is left the last', () => {
    const change = comparePrices(null, plan('Pro', 3_000), new Date('2026-11-30T13:00:00Z'))
    expect(change).toMatchObject({ daysLeft: 1, remainingCents: 46n })
    expect(change.sentence).toBe('Pro costs $30 a month. For the last day of this period that is $0.46.')
  })

  it('is a share of the price by time, whole at the start of a period, never more than the price, never less than nothing', () => {
    const instants = fc.date({ min: new Date('2010-01-01Z'), max: new Date('2035-01-01Z'), noInvalidDate: true })
    const zones = fc.constantFrom('UTC', 'Europe/Berlin', 'America/New_York', 'Pacific/Apia')
    fc.assert(
      fc.property(
        instants,
        zones,
        fc.integer({ min: 1, max: 31 }),
        fc.bigInt({ min: 0n, max: 99_999_999_999n }),
        (at, zone, anchorDay, price) => {
          const period = periodOf(at, zone, anchorDay, 'month')
          const share = prorate(cents(price), period, at)
          expect(share >= 0n && share <= price).toBe(true)
          expect(prorate(cents(price), period, period.start)).toBe(price)
          expect(prorate(cents(price), period, period.end)).toBe(0n)
          const later = new Date(Math.min(at.getTime() + 3_600_000, period.end.getTime()))
          expect(prorate(cents(price), period, later)).toBeLessThanOrEqual(share)
        },
      ),
    )
  })
})
