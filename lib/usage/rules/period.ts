import { tzOffset } from '@date-fns/tz'

/** How long a counter runs before it starts again at zero. */
export type CountingPeriod = 'day' | 'month' | 'total'

/** From `start` (inclusive) to `end` (exclusive). */
export type PeriodSpan = { readonly start: Date; readonly end: Date }

type CalendarDay = { readonly year: number; readonly month: number; readonly day: number }

const MINUTE_MS = 60_000
const DAY_MS = 86_400_000

/** The span of a counter that never starts again: every instant that Purser can be asked about. */
const FOREVER: PeriodSpan = { start: new Date(0), end: new Date('9999-12-31T00:00:00Z') }

/**
 * The period that an instant falls into, in the account's IANA time zone (ledger.md, Time). A month begins at the start of
 * its anchor day (1 to 31), or of the month's last day where it has no such day; the anchor does not drift.
 */
export function periodOf(instant: Date, timeZone: string, anchorDay: number, period: CountingPeriod): PeriodSpan {
  if (period === 'total') return FOREVER
  const today = calendarDay(instant, timeZone)
  if (period === 'day') return { start: startOfDay(today, timeZone), end: startOfDay(dayAfter(today), timeZone) }

  const isBegun = today.day >= anchoredDay(today.year, today.month, anchorDay).day
  const first = isBegun ? today.month : today.month - 1
  return {
    start: startOfDay(anchoredDay(today.year, first, anchorDay), timeZone),
    end: startOfDay(anchoredDay(today.year, first + 1, anchorDay), timeZone),
  }
}

/** The calendar day of an instant in a time zone, as `YYYY-MM-DD`: the day that a usage event is counted on. */
export function localDay(instant: Date, timeZone: string): string {
  return wallClock(instant.getTime(), timeZone).toISOString().slice(0, 10)
}

function calendarDay(instant: Date, timeZone: string): CalendarDay {
  const wall = wallClock(instant.getTime(), timeZone)
  return { year: wall.getUTCFullYear(), month: wall.getUTCMonth(), day: wall.getUTCDate() }
}

/** The anchor day of a month counted from 0, or the month's last day. Months below 0 and above 11 lie in the years around. */
function anchoredDay(year: number, month: number, anchorDay: number): CalendarDay {
  const last = new Date(Date.UTC(year, month + 1, 0))
  return {
    year: last.getUTCFullYear(),
    month: last.getUTCMonth(),
    day: Math.min(anchorDay, last.getUTCDate()),
  }
}

function dayAfter({ year, month, day }: CalendarDay): CalendarDay {
  const next = new Date(Date.UTC(year, month, day + 1))
  return { year: next.getUTCFullYear(), month: next.getUTCMonth(), day: next.getUTCDate() }
}

/**
 * The first instant of a calendar day. Where clocks go back over midnight it is the earlier of the two; where they jump over
 * midnight, or over the whole day, it is the instant of the jump.
 */
function startOfDay({ year, month, day }: CalendarDay, timeZone: string): Date {
  const midnight = Date.UTC(year, month, day)
  const before = midnight - offsetMs(midnight - DAY_MS, timeZone)
  const after = midnight - offsetMs(midnight + DAY_MS, timeZone)
  if (before === after) return new Date(before)
  const isReached = (at: number): boolean => wallClock(at, timeZone).getTime() === midnight
  return new Date([before, after].sort((left, right) => left - right).find(isReached) ?? before)
}

/** The wall clock of a time zone, as the UTC fields of a date. */
function wallClock(at: number, timeZone: string): Date {
  return new Date(at + offsetMs(at, timeZone))
}

/** Asking the calendar costs more than rating an event, and the events of a minute ask for the same few offsets. */
const knownOffsets = new Map<string, number>()
const MOST_KNOWN_OFFSETS = 10_000

/** How far a time zone is ahead of UTC. Clocks change on whole minutes, so the offset is that of the minute. */
function offsetMs(at: number, timeZone: string): number {
  const minute = at - (at % MINUTE_MS)
  const key = `${timeZone} ${minute}`
  const known = knownOffsets.get(key)
  if (known !== undefined) return known

  const minutes = tzOffset(timeZone, new Date(minute))
  if (Number.isNaN(minutes)) throw new RangeError(`unknown time zone: ${timeZone}`)
  if (knownOffsets.size >= MOST_KNOWN_OFFSETS) knownOffsets.clear()
  knownOffsets.set(key, minutes * MINUTE_MS)
  return minutes * MINUTE_MS
}
