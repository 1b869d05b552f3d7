import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { localDay, periodOf, type CountingPeriod } from './period'

const ZONES = ['Asia/Kolkata', 'America/New_York', 'Europe/Berlin', 'Pacific/Apia', 'America/Havana', 'UTC']

function span(at: string, zone: string, anchorDay: number, period: CountingPeriod): readonly [string, string] {
  const { start, end } = periodOf(new Date(at), zone, anchorDay, period)
  return [start.toISOString(), end.toISOString()]
}

describe('the day of an instant', () => {
  it.each([
    ['2026-01-31T18:29:59Z', 'Asia/Kolkata', '2026-01-31'],
    ['2026-01-31T18:30:00Z', 'Asia/Kolkata', '2026-02-01'],
    ['2026-03-01T04:59:59Z', 'America/New_York', '2026-02-28'],
    ['2026-03-01T05:00:00Z', 'America/New_York', '2026-03-01'],
    ['2026-07-01T03:59:59Z', 'America/New_York', '2026-06-30'],
    ['2026-07-01T04:00:00Z', 'America/New_York', '2026-07-01'],
    ['2011-12-30T09:59:59Z', 'Pacific/Apia', '2011-12-29'],
    ['2011-12-30T10:00:00Z', 'Pacific/Apia', '2011-12-31'],
  ])('%s in %s is counted on %s', (at, zone, day) => {
    expect(localDay(new Date(at), zone)).toBe(day)
  })
})

describe('a daily period', () => {
  it.each([
    ['has 23 hours when New York springs forward', '2026-03-08T12:00:00Z', 'America/New_York', 23],
    ['has 25 hours when New York falls back', '2026-11-01T12:00:00Z', 'America/New_York', 25],
    ['has 23 hours when Berlin springs forward', '2026-03-29T12:00:00Z', 'Europe/Berlin', 23],
    ['has 25 hours when Berlin falls back', '2026-10-25T12:00:00Z', 'Europe/Berlin', 25],
    ['has 24 hours all year in Kolkata', '2026-03-29T12:00:00Z', 'Asia/Kolkata', 24],
    ['has 24 hours before the day that Apia skipped', '2011-12-30T09:00:00Z', 'Pacific/Apia', 24],
    ['has 24 hours after the day that Apia skipped', '2011-12-30T11:00:00Z', 'Pacific/Apia', 24],
    ['begins at one o’clock where midnight is skipped', '2026-03-08T12:00:00Z', 'America/Havana', 23],
    ['begins at the first of two midnights', '2026-11-01T12:00:00Z', 'America/Havana', 25],
  ])('%s', (_, at, zone, hours) => {
    const { start, end } = periodOf(new Date(at), zone, 1, 'day')
    expect((end.getTime() - start.getTime()) / 3_600_000).toBe(hours)
  })

  it('meets the next day at one instant where a whole day was skipped', () => {
    expect(span('2011-12-30T09:59:59Z', 'Pacific/Apia', 1, 'day')[1]).toBe('2011-12-30T10:00:00.000Z')
    expect(span('2011-12-30T10:00:00Z', 'Pacific/Apia', 1, 'day')[0]).toBe('2011-12-30T10:00:00.000Z')
  })
})

describe('a monthly period', () => {
  it.each([
    ['2026-02-10T00:00:00Z', 1, '2026-02-01', '2026-03-01'],
    ['2026-02-10T00:00:00Z', 15, '2026-01-15', '2026-02-15'],
    ['2026-02-15T00:00:00Z', 15, '2026-02-15', '2026-03-15'],
    ['2026-01-10T00:00:00Z', 31, '2025-12-31', '2026-01-31'],
    ['2026-02-27T23:59:59Z', 31, '2026-01-31', '2026-02-28'],
    ['2026-02-28T00:00:00Z', 31, '2026-02-28', '2026-03-31'],
    ['2028-02-28T23:59:59Z', 31, '2028-01-31', '2028-02-29'],
    ['2028-02-29T00:00:00Z', 31, '2028-02-29', '2028-03-31'],
    ['2028-03-01T00:00:00Z', 30, '2028-02-29', '2028-03-30'],
    ['2026-04-30T00:00:00Z', 31, '2026-04-30', '2026-05-31'],
    ['2026-12-31T00:00:00Z', 31, '2026-12-31', '2027-01-31'],
  ])('at %s with anchor day %i runs from %s to %s', (at, anchorDay, start, end) => {
    expect(span(at, 'UTC', anchorDay, 'month')).toEqual([`${start}T00:00:00.000Z`, `${end}T00:00:00.000Z`])
  })

  it('begins at midnight in the account’s time zone, in winter time and in summer time', () => {
    expect(span('2026-03-10T00:00:00Z', 'Europe/Berlin', 1, 'month')).toEqual([
      '2026-02-28T23:00:00.000Z',
      '2026-03-31T22:00:00.000Z',
    ])
    expect(span('2026-03-10T00:00:00Z', 'Asia/Kolkata', 1, 'month')).toEqual([
      '2026-02-28T18:30:00.000Z',
      '2026-03-31T18:30:00.000Z',
    ])
  })

  it('begins at the jump when its anchor day was skipped in Apia', () => {
    expect(span('2012-01-05T00:00:00Z', 'Pacific/Apia', 30, 'month')).toEqual([
      '2011-12-30T10:00:00.000Z',
      '2012-01-29T10:00:00.000Z',
    ])
  })
})

describe('every period', () => {
  const instants = fc.date({ min: new Date('2010-01-01Z'), max: new Date('2035-01-01Z'), noInvalidDate: true })
  const calendars = fc.tuple(instants, fc.constantFrom(...ZONES), fc.integer({ min: 1, max: 31 }))

  it.each(['day', 'month', 'total'] as const)('holds its instant, whatever the zone and anchor: %s', (period) => {
    fc.assert(
      fc.property(calendars, ([at, zone, anchorDay]) => {
        const { start, end } = periodOf(at, zone, anchorDay, period)
        expect(start.getTime()).toBeLessThanOrEqual(at.getTime())
        expect(at.getTime()).toBeLessThan(end.getTime())
      }),
    )
  })

  it.each(['day', 'month'] as const)('ends where the next one begins: %s', (period) => {
    fc.assert(
      fc.property(calendars, ([at, zone, anchorDay]) => {
        const { start, end } = periodOf(at, zone, anchorDay, period)
        expect(periodOf(end, zone, anchorDay, period).start).toEqual(end)
        expect(periodOf(new Date(start.getTime() - 1), zone, anchorDay, period).end).toEqual(start)
      }),
    )
  })

  it('throws for a time zone that does not exist: zones are checked when they are set', () => {
    expect(() => periodOf(new Date(0), 'Mars/Olympus', 1, 'month')).toThrow('unknown time zone')
  })
})
