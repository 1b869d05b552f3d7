import type { Instant } from '@/lib/analytics/contract'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

/** "22 Nov 2026" in a time zone. */
export function dateText(instant: Instant, timeZone: string): string {
  const { day, month, year } = parts(instant, timeZone)
  return `${day} ${month} ${year}`
}

/** "22 Nov 2026, 14:02" in a time zone. */
export function dateTimeText(instant: Instant, timeZone: string): string {
  const { hour, minute } = parts(instant, timeZone)
  return `${dateText(instant, timeZone)}, ${hour}:${minute}`
}

/** "14:02 UTC". */
export function clockText(instant: Instant): string {
  const { hour, minute } = parts(instant, 'UTC')
  return `${hour}:${minute} UTC`
}

/** "3 Dec": for dates that are near. */
export function nearDateText(instant: Instant, timeZone: string): string {
  const { day, month } = parts(instant, timeZone)
  return `${day} ${month}`
}

/** "Thursday". */
export function weekdayText(instant: Instant, timeZone: string): string {
  return new Intl.DateTimeFormat('en-US', { timeZone, weekday: 'long' }).format(new Date(instant))
}

/** "22 Nov" of a calendar day `YYYY-MM-DD`. */
export function dayText(day: string): string {
  return nearDateText(`${day}T12:00:00Z`, 'UTC')
}

/** The moment in UTC and, when it differs, in the account's own zone: one line each. */
export function bothZonesText(instant: Instant, timeZone: string): string {
  const utc = `${dateTimeText(instant, 'UTC')} UTC`
  return timeZone === 'UTC' ? utc : `${utc}\n${dateTimeText(instant, timeZone)} ${zoneText(instant, timeZone)}`
}

/** "UTC", "GMT+5:30": the zone's name at that moment. */
function zoneText(instant: Instant, timeZone: string): string {
  const named = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'short' }).formatToParts(new Date(instant))
  return named.find(({ type }) => type === 'timeZoneName')?.value ?? timeZone
}

/** How long before or after `now`: "just now", "5 min ago", "in 3 days". */
export function relativeText(instant: Instant, now: Instant): string {
  const distanceMs = Date.parse(now) - Date.parse(instant)
  const span = spanText(Math.abs(distanceMs))
  if (span === null) return 'just now'
  return distanceMs < 0 ? `in ${span}` : `${span} ago`
}

/** Whole days from now, rounded up: an expiry later today is 1 day away. */
export function daysUntil(instant: Instant, now: Instant): number {
  return Math.ceil((Date.parse(instant) - Date.parse(now)) / DAY_MS)
}

function spanText(spanMs: number): string | null {
  if (spanMs < MINUTE_MS) return null
  if (spanMs < HOUR_MS) return `${Math.floor(spanMs / MINUTE_MS)} min`
  if (spanMs < DAY_MS) return `${Math.floor(spanMs / HOUR_MS)} h`
  const days = Math.floor(spanMs / DAY_MS)
  return days === 1 ? '1 day' : `${days} days`
}

function parts(instant: Instant, timeZone: string) {
  const found = new Map(
    new Intl.DateTimeFormat('en-US', {
      timeZone,
      day: 'numeric',
      month: 'short',
      year: 'numeric',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    })
      .formatToParts(new Date(instant))
      .map(({ type, value }) => [type, value]),
  )
  const part = (type: Intl.DateTimeFormatPartTypes) => found.get(type) ?? ''
  return { day: part('day'), month: part('month'), year: part('year'), hour: part('hour'), minute: part('minute') }
}
