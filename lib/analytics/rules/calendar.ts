import { localDay, periodOf } from '@/lib/usage/rules/period'

/** A calendar day `YYYY-MM-DD`. Says nothing about a time zone: whoever made it chose one. */
export type Day = string

const DAY_MS = 86_400_000
const HOUR_MS = 3_600_000

/** The day that many days later, or earlier when negative. */
export function addDays(day: Day, count: number): Day {
  return toDay(instantOf(day) + count * DAY_MS)
}

/** How many days `last` lies after `first`; negative when before. */
export function daysBetween(first: Day, last: Day): number {
  return (instantOf(last) - instantOf(first)) / DAY_MS
}

/** That many days that end with `last`, oldest first. */
export function daysUpTo(last: Day, count: number): readonly Day[] {
  return Array.from({ length: count }, (_, index) => addDays(last, index - count + 1))
}

/** The first and last day of the calendar month of a day. */
export function monthOf(day: Day): { readonly first: Day; readonly last: Day } {
  const { year, month } = partsOf(day)
  return { first: toDay(Date.UTC(year, month, 1)), last: toDay(Date.UTC(year, month + 1, 0)) }
}

/** The same days of the month before: from its first to the same day of the month, or to its last where it has no such day. */
export function sameDaysLastMonth(day: Day): { readonly first: Day; readonly last: Day } {
  const before = monthOf(addDays(monthOf(day).first, -1))
  const same = addDays(before.first, daysBetween(monthOf(day).first, day))
  return { first: before.first, last: same < before.last ? same : before.last }
}

/** The weekday of a day, from 0 (Sunday). */
export function weekdayOf(day: Day): number {
  return new Date(instantOf(day)).getUTCDay()
}

/** The first instant of a calendar day in a time zone: where clocks jump over midnight, the instant of the jump. */
export function startOfDay(day: Day, timeZone: string): Date {
  const noon = instantOf(day) + 12 * HOUR_MS
  const candidates = [0, -13, 13].map((hours) => new Date(noon + hours * HOUR_MS))
  const inside = candidates.find((instant) => localDay(instant, timeZone) === day) ?? new Date(noon)
  return periodOf(inside, timeZone, 1, 'day').start
}

function partsOf(day: Day): { readonly year: number; readonly month: number } {
  const date = new Date(instantOf(day))
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() }
}

function instantOf(day: Day): number {
  return Date.parse(`${day}T00:00:00Z`)
}

function toDay(instant: number): Day {
  return new Date(instant).toISOString().slice(0, 10)
}
