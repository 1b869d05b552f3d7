import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import type { GrantState } from '@/lib/ledger/types'
import { aGrant, hour, units } from '@/lib/testing/ledger'

import { burnDown, HORIZON_DAYS } from './burn-down'
import { forecastUnused, runwayOf } from './runway'
import type { RecentDays } from './spend'

const now = hour(0)
const day = (count: number) => hour(24 * count)
const steady = (perDay: bigint): RecentDays => ({ days: 7, total: perDay * 7n, lowest: perDay, highest: perDay })
const anything = (recent: RecentDays) => [{ shape: {}, amount: recent.total }]
const runway = (grants: readonly GrantState[], recent: RecentDays) => runwayOf(grants, anything(recent), recent, now)

describe('the runway', () => {
  it('is what there is divided by what a day costs', () => {
    expect(runway([aGrant('a', 110)], steady(10n))).toMatchObject({
      days: 11,
      lowDays: 11,
      highDays: 11,
      daysWithoutExpiry: 11,
      averagePerDay: 10n,
      runsOutAt: day(11),
    })
  })

  it('ranges from the busiest of the last days to the calmest', () => {
    const recent: RecentDays = { days: 7, total: 70n, lowest: 5n, highest: 20n }
    expect(runway([aGrant('a', 100)], recent)).toMatchObject({ days: 10, lowDays: 5, highDays: 20 })
  })

  it('cannot be told while nothing is used, and is ten years where it would be longer', () => {
    expect(runway([aGrant('a', 100)], steady(0n))).toBeNull()
    const recent: RecentDays = { days: 7, total: 7n, lowest: 0n, highest: 7n }
    expect(runway([aGrant('a', 100)], recent)).toMatchObject({ days: 100, highDays: HORIZON_DAYS })
  })

  it('is zero when nothing is left', () => {
    expect(runway([], steady(10n))).toMatchObject({ days: 0, runsOutAt: now })
  })

  it('drops a grant at its expiry and says how long it would last without', () => {
    const grants = [aGrant('soon', 100, { expiresAt: day(4) }), aGrant('paid', 50)]
    expect(runway(grants, steady(10n))).toMatchObject({ days: 9, daysWithoutExpiry: 15 })
  })

  it('spends what expires first, so that as little as possible is lost', () => {
    const grants = [aGrant('paid', 50, { sequence: 1n }), aGrant('soon', 30, { expiresAt: day(4), sequence: 2n })]
    expect(runway(grants, steady(10n))).toMatchObject({ days: 8, daysWithoutExpiry: 8 })
  })

  it('runs out before credit that is not yet effective arrives', () => {
    const grants = [aGrant('now', 20), aGrant('later', 100, { effectiveAt: day(5) })]
    expect(runway(grants, steady(10n))?.days).toBe(2)
  })

  it('does not count on credit that the usage may not spend, is held, or is frozen', () => {
    const grants = [
      aGrant('free', 30),
      aGrant('held', 100, { held: units(100) }),
      aGrant('frozen', 100, { frozen: true }),
      aGrant('scoped', 100, { scope: { models: ['embed'] } }),
    ]
    const recent = steady(10n)
    expect(runwayOf(grants, [{ shape: { model: 'chat' }, amount: recent.total }], recent, now)?.days).toBe(3)
    expect(runwayOf(grants, [{ shape: { model: 'embed' }, amount: recent.total }], recent, now)?.days).toBe(13)
  })

  it('gets no shorter with more credit and no longer with expiry', () => {
    const lots = fc.array(
      fc.record({ size: fc.integer({ min: 1, max: 10_000 }), expiry: fc.option(fc.integer({ min: 1, max: 200 })) }),
      { minLength: 1, maxLength: 6 },
    )
    fc.assert(
      fc.property(lots, fc.bigInt({ min: 1n, max: 500n }), (given, perDay) => {
        const grants = given.map(({ size, expiry }, index) =>
          aGrant(`g${index}`, size, { sequence: BigInt(index), expiresAt: expiry === null ? null : day(expiry) }),
        )
        const all = runway(grants, steady(perDay))
        const fewer = runway(grants.slice(1), steady(perDay))
        if (all === null || fewer === null) throw new Error('something is used')
        expect(all.days >= fewer.days).toBe(true)
        expect(all.daysWithoutExpiry >= all.days).toBe(true)
        const total = given.reduce((sum, { size }) => sum + BigInt(size), 0n)
        const exact = total / perDay
        expect(BigInt(all.daysWithoutExpiry)).toBe(exact < HORIZON_DAYS ? exact : BigInt(HORIZON_DAYS))
      }),
      { numRuns: 40 },
    )
  })
})

describe('what will expire unused', () => {
  it('is what the rate does not reach before the expiry', () => {
    const grants = [aGrant('promo', 100, { expiresAt: day(4) }), aGrant('paid', 500)]
    const recent = steady(10n)
    const unused = forecastUnused(grants, anything(recent), recent, now)
    expect(unused.get('promo')).toBe(60n)
    expect(unused.has('paid')).toBe(false)
  })

  it('counts only the usage that may spend it', () => {
    const grants = [aGrant('embed', 50, { scope: { models: ['embed'] }, expiresAt: day(10) }), aGrant('paid', 500)]
    const recent = steady(10n)
    const shares = [
      { shape: { model: 'embed' }, amount: 14n },
      { shape: { model: 'chat' }, amount: 56n },
    ]
    expect(forecastUnused(grants, shares, recent, now).get('embed')).toBe(30n)
  })

  it('goes on after other credit has run out', () => {
    const grants = [
      aGrant('chat', 10, { scope: { models: ['chat'] } }),
      aGrant('embed', 50, { scope: { models: ['embed'] }, expiresAt: day(30) }),
    ]
    const recent = steady(10n)
    const shares = [{ shape: { model: 'chat' }, amount: 70n }]
    expect(forecastUnused(grants, shares, recent, now).get('embed')).toBe(50n)
  })

  it('is everything while nothing is used', () => {
    const grants = [aGrant('promo', 100, { expiresAt: day(4) })]
    expect(burnDown(grants, [], now)).toEqual({ runsOutAt: null, unused: new Map([['promo', 100n]]) })
  })

  it('never exceeds what is free of the grant, and with what is spent makes it up', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5_000 }),
        fc.integer({ min: 1, max: 100 }),
        fc.bigInt({ min: 0n, max: 300n }),
        (size, expiry, perDay) => {
          const unused = burnDown(
            [aGrant('a', size, { expiresAt: day(expiry) })],
            [{ shape: {}, amount: perDay, days: 1n }],
            now,
          )
          const spendable = perDay * BigInt(expiry)
          expect(unused.unused.get('a')).toBe(spendable >= BigInt(size) ? 0n : BigInt(size) - spendable)
        },
      ),
    )
  })
})
