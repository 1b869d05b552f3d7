import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { amount, type Amount } from '@/lib/money/amount'
import { periodOf } from '@/lib/usage/rules/period'

import { contractSpan, contractYearOf } from './contract-year'
import {
  decideAwards,
  firstLookAt,
  horizonOf,
  LOOK_AHEAD_MS,
  missingOfAsset,
  missingOfOneAsset,
  missingOnce,
  type AwardDecision,
  type GrantedPeriod,
  type MissingRule,
  type PeriodTerms,
} from './period-awards'

const MINUTE = 60_000
const ZONES = ['UTC', 'Europe/Berlin', 'America/New_York', 'Pacific/Apia', 'America/Havana']

function entitled(amounts: Readonly<Record<string, number>>): ReadonlyMap<string, Amount> {
  return new Map(Object.entries(amounts).map(([asset, size]) => [asset, amount(BigInt(size))]))
}

/** A plan that gives these amounts each month. */
function monthly(
  amounts: Readonly<Record<string, number>>,
  { zone = 'UTC', anchorDay = 1, missing = missingOfAsset as MissingRule } = {},
): PeriodTerms {
  return {
    spanAt: (at) => periodOf(at, zone, anchorDay, 'month'),
    nextStart: () => null,
    entitled: entitled(amounts),
    missing,
  }
}

/** What stands after a decision was carried out. */
function carriedOut(
  before: readonly GrantedPeriod[],
  { withdrawals, awards }: AwardDecision,
): readonly GrantedPeriod[] {
  const kept = before.filter((period) => !withdrawals.includes(period))
  return [...kept, ...awards.map(({ assetCode, start, end, amount: granted }) => ({ assetCode, start, end, granted }))]
}

function words({ withdrawals, awards, nextAt }: AwardDecision) {
  const say = (period: { assetCode: string; start: Date; end: Date }, size: bigint) =>
    `${size} ${period.assetCode} ${period.start.toISOString().slice(0, 16)} → ${period.end.toISOString().slice(0, 16)}`
  return {
    back: withdrawals.map((period) => say(period, period.granted)),
    give: awards.map((award) => say(award, award.amount)),
    next: nextAt === null ? null : nextAt.toISOString().slice(0, 16),
  }
}

function decide(terms: PeriodTerms, granted: readonly GrantedPeriod[], at: string, clockAt: Date | null = null) {
  const now = new Date(at)
  return decideAwards(terms, granted, now, horizonOf(now, clockAt))
}

describe('what a plan gives', () => {
  it('is whole at once in the middle of a period, then again at its end', () => {
    expect(words(decide(monthly({ credit: 100 }), [], '2026-11-10T12:00:00Z'))).toEqual({
      back: [],
      give: ['100 credit 2026-11-01T00:00 → 2026-12-01T00:00'],
      next: '2026-12-01T00:00',
    })
  })

  it('is there a few minutes before the period begins, effective at its start, and only once', () => {
    const first = decide(monthly({ credit: 100 }), [], '2026-11-10T12:00:00Z')
    const standing = carriedOut([], first)
    const early = new Date(new Date('2026-12-01T00:00:00Z').getTime() - LOOK_AHEAD_MS)
    const ahead = decide(monthly({ credit: 100 }), standing, early.toISOString())
    expect(words(ahead)).toEqual({
      back: [],
      give: ['100 credit 2026-12-01T00:00 → 2027-01-01T00:00'],
      next: '2027-01-01T00:00',
    })
    const after = carriedOut(standing, ahead)
    for (const at of ['2026-11-30T23:56:00Z', '2026-12-01T00:00:00Z', '2026-12-20T00:00:00Z']) {
      expect(words(decide(monthly({ credit: 100 }), after, at))).toMatchObject({ back: [], give: [] })
    }
  })

  it('comes at the very instant under a test clock', () => {
    const standing = carriedOut([], decide(monthly({ credit: 100 }), [], '2026-11-10T12:00:00Z'))
    const clock = (at: string) => decide(monthly({ credit: 100 }), standing, at, new Date(at))
    expect(clock('2026-11-30T23:59:59.999Z').awards).toEqual([])
    expect(words(clock('2026-12-01T00:00:00Z')).give).toEqual(['100 credit 2026-12-01T00:00 → 2027-01-01T00:00'])
  })

  it('is the difference at once when the plan has more, and nothing is taken back when it has less', () => {
    const standing = carriedOut([], decide(monthly({ credit: 100, token: 5 }), [], '2026-11-10T12:00:00Z'))
    const more = decide(monthly({ credit: 150, token: 3 }), standing, '2026-11-12T00:00:00Z')
    expect(words(more)).toMatchObject({ back: [], give: ['50 credit 2026-11-01T00:00 → 2026-12-01T00:00'] })
    const back = decide(monthly({ credit: 100 }), carriedOut(standing, more), '2026-11-13T00:00:00Z')
    expect(words(back)).toMatchObject({ back: [], give: [] })
    const again = decide(monthly({ credit: 150 }), carriedOut(standing, more), '2026-11-14T00:00:00Z')
    expect(words(again)).toMatchObject({ back: [], give: [] })
  })

  it('that was given early is made right when the plan changes before the period begins', () => {
    const early = '2026-11-30T23:57:00Z'
    const standing = carriedOut([], decide(monthly({ credit: 100 }), [], early))
    expect(standing).toHaveLength(2)
    expect(words(decide(monthly({ credit: 40 }), standing, '2026-11-30T23:58:00Z'))).toEqual({
      back: ['100 credit 2026-12-01T00:00 → 2027-01-01T00:00'],
      give: ['40 credit 2026-12-01T00:00 → 2027-01-01T00:00'],
      next: '2027-01-01T00:00',
    })
    expect(words(decide(monthly({}), standing, '2026-11-30T23:58:00Z'))).toEqual({
      back: ['100 credit 2026-12-01T00:00 → 2027-01-01T00:00'],
      give: [],
      next: null,
    })
    expect(words(decide(monthly({}), standing, '2026-12-01T00:00:00Z'))).toEqual({ back: [], give: [], next: null })
  })

  it('leaves no gap and gives nothing twice when the anchor day moves', () => {
    const standing = carriedOut([], decide(monthly({ credit: 100 }), [], '2026-11-10T12:00:00Z'))
    const moved = monthly({ credit: 100 }, { anchorDay: 15 })
    expect(words(decide(moved, standing, '2026-11-20T00:00:00Z'))).toEqual({
      back: [],
      give: [],
      next: '2026-12-01T00:00',
    })
    const bridge = decide(moved, standing, '2026-11-30T23:56:00Z')
    expect(words(bridge)).toEqual({
      back: [],
      give: ['100 credit 2026-12-01T00:00 → 2026-12-15T00:00'],
      next: '2026-12-15T00:00',
    })
  })

  it('leaves out the months that passed while nobody looked', () => {
    const standing = carriedOut([], decide(monthly({ credit: 100 }), [], '2026-11-10T12:00:00Z'))
    expect(words(decide(monthly({ credit: 100 }), standing, '2027-03-10T00:00:00Z'))).toEqual({
      back: [],
      give: ['100 credit 2027-03-01T00:00 → 2027-04-01T00:00'],
      next: '2027-04-01T00:00',
    })
  })
})

describe('what a Lite member gets', () => {
  it('is one allocation a month: another asset waits for the next', () => {
    const lite = (amounts: Readonly<Record<string, number>>) => monthly(amounts, { missing: missingOfOneAsset })
    const standing = carriedOut([], decide(lite({ credit: 10 }), [], '2026-11-10T12:00:00Z'))
    expect(words(decide(lite({ token: 10 }), standing, '2026-11-11T00:00:00Z'))).toEqual({
      back: [],
      give: [],
      next: '2026-12-01T00:00',
    })
    expect(words(decide(lite({ token: 10 }), standing, '2026-12-01T00:00:00Z')).give).toEqual([
      '10 token 2026-12-01T00:00 → 2027-01-01T00:00',
    ])
    expect(words(decide(lite({ credit: 12 }), standing, '2026-11-11T00:00:00Z')).give).toEqual([
      '2 credit 2026-11-01T00:00 → 2026-12-01T00:00',
    ])
  })
})

describe('what a contract gives', () => {
  const days = { startsOn: '2027-01-01', endsOn: '2028-12-31' }
  const yearly = (amounts: Readonly<Record<string, number>>): PeriodTerms => ({
    spanAt: (at) => contractYearOf(days, 'UTC', at),
    nextStart: (at) => (at < contractSpan(days, 'UTC').start ? contractSpan(days, 'UTC').start : null),
    entitled: entitled(amounts),
    missing: missingOnce,
  })

  it('is nothing before it begins, a package each year, and nothing after it', () => {
    expect(words(decide(yearly({ credit: 900 }), [], '2026-11-10T00:00:00Z'))).toEqual({
      back: [],
      give: [],
      next: '2027-01-01T00:00',
    })
    const first = decide(yearly({ credit: 900 }), [], '2026-12-31T23:58:00Z')
    expect(words(first)).toEqual({
      back: [],
      give: ['900 credit 2027-01-01T00:00 → 2028-01-01T00:00'],
      next: '2028-01-01T00:00',
    })
    const second = decide(yearly({ credit: 900 }), carriedOut([], first), '2027-12-31T23:58:00Z')
    expect(words(second)).toEqual({
      back: [],
      give: ['900 credit 2028-01-01T00:00 → 2029-01-01T00:00'],
      next: null,
    })
  })

  it('stays as it was for a year that has begun, and changes for one that has not', () => {
    const standing = carriedOut([], decide(yearly({ credit: 900 }), [], '2027-12-31T23:58:00Z'))
    expect(words(decide(yearly({ credit: 1_200 }), standing, '2027-12-31T23:59:00Z'))).toEqual({
      back: ['900 credit 2028-01-01T00:00 → 2029-01-01T00:00'],
      give: ['1200 credit 2028-01-01T00:00 → 2029-01-01T00:00'],
      next: null,
    })
    expect(words(decide(yearly({ token: 5 }), standing, '2028-01-01T00:00:00Z'))).toMatchObject({ back: [], give: [] })
  })
})

describe('whatever changes, and whenever somebody looks', () => {
  type Step = { readonly waitMinutes: number; readonly credit: number; readonly anchorDay: number }
  const steps = fc.array(
    fc.record({
      waitMinutes: fc.oneof(fc.integer({ min: 0, max: 6 }), fc.integer({ min: 0, max: 60 * 24 * 45 })),
      credit: fc.integer({ min: 0, max: 3 }).map((size) => size * 50),
      anchorDay: fc.constantFrom(1, 1, 15, 29, 30, 31),
    }),
    { minLength: 1, maxLength: 12 },
  )
  const starts = fc.date({ min: new Date('2011-10-01Z'), max: new Date('2029-01-01Z'), noInvalidDate: true })

  /** Looks at every instant at which it is told to, and at those that the steps name; calls back after each look. */
  function live(
    zone: string,
    start: Date,
    changes: readonly Step[],
    look: (at: Date, terms: PeriodTerms, standing: readonly GrantedPeriod[], decision: AwardDecision) => void,
  ) {
    let standing: readonly GrantedPeriod[] = []
    let now = start.getTime()
    let due: number | null = null
    for (const { waitMinutes, credit, anchorDay } of changes) {
      const terms = monthly(credit === 0 ? {} : { credit }, { zone, anchorDay })
      const until = now + waitMinutes * MINUTE
      let at: number | null = now
      while (at !== null && at <= until) {
        const decision: AwardDecision = decideAwards(terms, standing, new Date(at), horizonOf(new Date(at), null))
        look(new Date(at), terms, standing, decision)
        standing = carriedOut(standing, decision)
        due = decision.nextAt === null ? null : firstLookAt(decision.nextAt, null).getTime()
        if (due !== null) expect(due).toBeGreaterThan(at)
        at = due
      }
      now = until
    }
  }

  it('a look after a look finds nothing to do', () => {
    fc.assert(
      fc.property(fc.constantFrom(...ZONES), starts, steps, (zone, start, changes) => {
        live(zone, start, changes, (at, terms, standing, decision) => {
          const again = decideAwards(terms, carriedOut(standing, decision), at, horizonOf(at, null))
          expect(again).toEqual({ withdrawals: [], awards: [], nextAt: decision.nextAt })
        })
      }),
    )
  })

  it('what runs is never less than the plan gives, and more only by what an earlier plan gave', () => {
    fc.assert(
      fc.property(fc.constantFrom(...ZONES), starts, steps, (zone, start, changes) => {
        let most = 0n
        live(zone, start, changes, (at, terms, standing, decision) => {
          const runs = carriedOut(standing, decision)
            .filter((period) => period.start <= at && at < period.end)
            .reduce((sum, { granted }) => sum + granted, 0n)
          const wanted = terms.entitled.get('credit') ?? 0n
          most = wanted > most ? wanted : most
          expect(runs).toBeGreaterThanOrEqual(wanted)
          expect(runs).toBeLessThanOrEqual(most)
        })
      }),
    )
  })

  it('one plan gives the same amount for every period, end to end, once', () => {
    fc.assert(
      fc.property(fc.constantFrom(...ZONES), starts, fc.integer({ min: 1, max: 31 }), (zone, start, anchorDay) => {
        const given: { start: Date; end: Date; amount: bigint }[] = []
        live(
          zone,
          start,
          [{ waitMinutes: 60 * 24 * 400, credit: 100, anchorDay }],
          (_at, _terms, _standing, decision) => {
            given.push(...decision.awards)
          },
        )
        expect(given.length).toBeGreaterThanOrEqual(13)
        given.forEach((award, index) => {
          expect(award.amount).toBe(100n)
          expect(periodOf(award.start, zone, anchorDay, 'month')).toEqual({ start: award.start, end: award.end })
          if (index > 0) expect(award.start).toEqual(given[index - 1]?.end)
        })
      }),
      { numRuns: 40 },
    )
  })
})
