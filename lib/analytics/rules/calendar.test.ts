import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { localDay } from '@/lib/usage/rules/period'

import { addDays, daysBetween, daysUpTo, monthOf, sameDaysLastMonth, startOfDay, weekdayOf } from './calendar'

const anyDay = fc
  .date({ min: new Date('2000-01-01T00:00:00Z'), max: new Date('2100-12-31T00:00:00Z'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10))

describe('days', () => {
  it('go on over months, leap days and years', () => {
    expect(addDays('2028-02-28', 1)).toBe('2028-02-29')
    expect(addDays('2026-12-31', 1)).toBe('2027-01-01')
    expect(addDays('2026-03-01', -1)).toBe('2026-02-28')
  })

  it('are as far apart as they were moved', () => {
    fc.assert(
      fc.property(anyDay, fc.integer({ min: -900, max: 900 }), (day, count) => {
        expect(daysBetween(day, addDays(day, count))).toBe(count)
      }),
    )
  })

  it('come oldest first and end with the day asked for', () => {
    expect(daysUpTo('2026-03-02', 3)).toEqual(['2026-02-28', '2026-03-01', '2026-03-02'])
    expect(daysUpTo('2026-03-02', 0)).toEqual([])
  })

  it('know their weekday', () => {
    expect(weekdayOf('2026-11-23')).toBe(1)
  })
})

describe('a month', () => {
  it('ends on its last day', () => {
    expect(monthOf('2028-02-10')).toEqual({ first: '2028-02-01', last: '2028-02-29' })
  })

  it('is compared with the same days of the month before, as far as that has them', () => {
    expect(sameDaysLastMonth('2026-03-31')).toEqual({ first: '2026-02-01', last: '2026-02-28' })
    expect(sameDaysLastMonth('2026-01-15')).toEqual({ first: '2025-12-01', last: '2025-12-15' })
  })
})

describe('the start of a day', () => {
  const zones = [
    'UTC',
    'Asia/Kolkata',
    'America/New_York',
    'Pacific/Kiritimati',
    'Pacific/Pago_Pago',
    'Australia/Lord_Howe',
  ]

  it('is in that day, and the instant before is not', () => {
    fc.assert(
      fc.property(anyDay, fc.constantFrom(...zones), (day, zone) => {
        const start = startOfDay(day, zone)
        expect(localDay(start, zone)).toBe(day)
        expect(localDay(new Date(start.getTime() - 1), zone) < day).toBe(true)
      }),
    )
  })

  it('is the instant of the jump where clocks skip midnight', () => {
    expect(startOfDay('2026-03-29', 'Asia/Beirut').toISOString()).toBe('2026-03-28T22:00:00.000Z')
  })
})
