import { describe, expect, it } from 'vitest'
import { bothZonesText, clockText, dateText, dateTimeText, dayText, daysUntil, relativeText } from './format-time'

const NOW = '2026-11-22T14:02:00Z'

describe('instants', () => {
  it('are written day first, with a 24-hour clock, in the zone asked for', () => {
    expect(dateTimeText(NOW, 'UTC')).toBe('22 Nov 2026, 14:02')
    expect(dateTimeText('2026-11-22T20:30:00Z', 'Asia/Kolkata')).toBe('23 Nov 2026, 02:00')
    expect(dateTimeText('2026-11-22T00:05:00Z', 'UTC')).toBe('22 Nov 2026, 00:05')
    expect(dateText('2026-09-01T00:00:00Z', 'UTC')).toBe('1 Sep 2026')
    expect(clockText(NOW)).toBe('14:02 UTC')
  })

  it('show both zones, and UTC only once', () => {
    expect(bothZonesText(NOW, 'Asia/Kolkata')).toBe('22 Nov 2026, 14:02 UTC\n22 Nov 2026, 19:32 GMT+5:30')
    expect(bothZonesText(NOW, 'UTC')).toBe('22 Nov 2026, 14:02 UTC')
  })

  it('are near or far in words', () => {
    expect(relativeText('2026-11-22T14:01:30Z', NOW)).toBe('just now')
    expect(relativeText('2026-11-22T13:57:00Z', NOW)).toBe('5 min ago')
    expect(relativeText('2026-11-21T13:00:00Z', NOW)).toBe('1 day ago')
    expect(relativeText('2026-11-25T15:00:00Z', NOW)).toBe('in 3 days')
  })
})

describe('days', () => {
  it('name the calendar day whatever the zone of the machine', () => {
    expect(dayText('2026-11-01')).toBe('1 Nov')
  })

  it('until an expiry count a started day as one', () => {
    expect(daysUntil('2026-11-22T20:00:00Z', NOW)).toBe(1)
    expect(daysUntil('2026-11-29T14:02:00Z', NOW)).toBe(7)
  })
})
