import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { addDays } from '@/lib/analytics/rules/calendar'
import { localDay } from '@/lib/usage/rules/period'

import { contractSpan, contractYearOf, isAnniversary } from './contract-year'

const ZONES = ['UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'Pacific/Apia', 'America/Havana']

function year(startsOn: string, endsOn: string, at: string, zone = 'UTC') {
  const span = contractYearOf({ startsOn, endsOn }, zone, new Date(at))
  return span === null ? null : [span.start.toISOString(), span.end.toISOString()]
}

describe('a contract year', () => {
  it.each([
    ['the first day', '2026-03-15', '2029-03-14', '2026-03-15T00:00:00Z', '2026-03-15', '2027-03-15'],
    [
      'the last instant of the first year',
      '2026-03-15',
      '2029-03-14',
      '2027-03-14T23:59:59Z',
      '2026-03-15',
      '2027-03-15',
    ],
    ['the second year', '2026-03-15', '2029-03-14', '2027-03-15T00:00:00Z', '2027-03-15', '2028-03-15'],
    ['the last year', '2026-03-15', '2029-03-14', '2029-03-14T23:59:59Z', '2028-03-15', '2029-03-15'],
    ['a last year that is shorter', '2026-01-01', '2027-06-30', '2027-05-01T00:00:00Z', '2027-01-01', '2027-07-01'],
    ['a leap day that comes again', '2028-02-29', '2036-02-28', '2032-03-01T00:00:00Z', '2032-02-29', '2033-02-28'],
    ['a leap day in a common year', '2028-02-29', '2036-02-28', '2029-02-28T00:00:00Z', '2029-02-28', '2030-02-28'],
    ['the day before that', '2028-02-29', '2036-02-28', '2029-02-27T23:59:59Z', '2028-02-29', '2029-02-28'],
    ['the year before a leap day', '2028-02-29', '2036-02-28', '2031-06-01T00:00:00Z', '2031-02-28', '2032-02-29'],
    ['a turn of the year', '2026-12-31', '2028-12-30', '2027-12-31T00:00:00Z', '2027-12-31', '2028-12-31'],
  ])('holds %s', (_, startsOn, endsOn, at, start, end) => {
    expect(year(startsOn, endsOn, at)).toEqual([`${start}T00:00:00.000Z`, `${end}T00:00:00.000Z`])
  })

  it('is none before the contract and none after it', () => {
    expect(year('2026-03-15', '2027-03-14', '2026-03-14T23:59:59.999Z')).toBeNull()
    expect(year('2026-03-15', '2027-03-14', '2027-03-15T00:00:00Z')).toBeNull()
  })

  it('begins at midnight of the account’s own time zone, in winter and in summer time', () => {
    expect(year('2026-07-01', '2028-06-30', '2026-12-01T00:00:00Z', 'Europe/Berlin')).toEqual([
      '2026-06-30T22:00:00.000Z',
      '2027-06-30T22:00:00.000Z',
    ])
    expect(year('2026-01-01', '2027-12-31', '2026-12-31T23:30:00Z', 'Asia/Kolkata')?.[0]).toBe(
      '2026-12-31T18:30:00.000Z',
    )
  })

  it('begins at the jump when its first day was skipped in Apia', () => {
    expect(year('2010-12-30', '2012-12-29', '2011-12-30T09:59:59Z', 'Pacific/Apia')?.[1]).toBe(
      '2011-12-30T10:00:00.000Z',
    )
    expect(year('2010-12-30', '2012-12-29', '2011-12-30T10:00:00Z', 'Pacific/Apia')?.[0]).toBe(
      '2011-12-30T10:00:00.000Z',
    )
  })

  it('would be a single day long when a contract ended on its anniversary, which can be told', () => {
    expect(isAnniversary('2026-01-01', '2027-01-01')).toBe(true)
    expect(isAnniversary('2028-02-29', '2029-02-28')).toBe(true)
    expect(isAnniversary('2028-02-29', '2032-02-28')).toBe(false)
    expect(isAnniversary('2026-01-01', '2026-01-01')).toBe(false)
    expect(isAnniversary('2026-01-01', '2026-12-31')).toBe(false)
  })
})

describe('the years of every contract', () => {
  const instants = fc.date({ min: new Date('2009-01-01Z'), max: new Date('2040-01-01Z'), noInvalidDate: true })
  const contracts = fc
    .tuple(instants, fc.integer({ min: 0, max: 1_500 }), fc.constantFrom(...ZONES))
    .map(([start, days, zone]) => {
      const startsOn = localDay(start, zone)
      return { days: { startsOn, endsOn: addDays(startsOn, days) }, zone }
    })

  it('lie end to end from the first instant of the contract to its last', () => {
    fc.assert(
      fc.property(contracts, ({ days, zone }) => {
        const { start, end } = contractSpan(days, zone)
        let at = start
        let years = 0
        for (let span = contractYearOf(days, zone, at); span !== null; span = contractYearOf(days, zone, at)) {
          expect(span.start).toEqual(at)
          expect(span.end.getTime()).toBeGreaterThan(at.getTime())
          at = span.end
          years += 1
        }
        expect(at).toEqual(end)
        expect(years).toBeLessThanOrEqual(6)
        expect(contractYearOf(days, zone, new Date(start.getTime() - 1))).toBeNull()
      }),
    )
  })

  it('hold every instant of theirs', () => {
    fc.assert(
      fc.property(contracts, fc.double({ min: 0, max: 1, noNaN: true }), ({ days, zone }, share) => {
        const { start, end } = contractSpan(days, zone)
        const at = new Date(start.getTime() + Math.floor((end.getTime() - start.getTime() - 1) * share))
        const span = contractYearOf(days, zone, at)
        expect(span !== null && span.start <= at && at < span.end).toBe(true)
      }),
    )
  })
})
