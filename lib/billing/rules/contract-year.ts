import { addDays, startOfDay, type Day } from '@/lib/analytics/rules/calendar'
import { localDay, type PeriodSpan } from '@/lib/usage/rules/period'

/** The first and the last day of a contract, both included, in the account's time zone. */
export type ContractDays = { readonly startsOn: Day; readonly endsOn: Day }

/** From the first instant of a contract to the first after it. */
export function contractSpan({ startsOn, endsOn }: ContractDays, timeZone: string): PeriodSpan {
  return { start: startOfDay(startsOn, timeZone), end: startOfDay(addDays(endsOn, 1), timeZone) }
}

/**
 * The contract year that an instant falls into, null before the contract and after it. A year begins on the contract's own day; one that
 * began on 29 February begins on the 28th where there is no 29th, and does not drift. The last year ends with the contract.
 */
export function contractYearOf(days: ContractDays, timeZone: string, at: Date): PeriodSpan | null {
  const { startsOn, endsOn } = days
  const today = localDay(at, timeZone)
  if (today < startsOn || today > endsOn) return null
  const years = yearOf(today) - yearOf(startsOn)
  const begun = anniversary(startsOn, years) <= today ? years : years - 1
  const next = anniversary(startsOn, begun + 1)
  const after = next <= endsOn ? next : addDays(endsOn, 1)
  return { start: startOfDay(anniversary(startsOn, begun), timeZone), end: startOfDay(after, timeZone) }
}

/** Whether a day is the first of a later contract year: a contract that ended on it would have a last year of one day. */
export function isAnniversary(startsOn: Day, day: Day): boolean {
  return day > startsOn && anniversary(startsOn, yearOf(day) - yearOf(startsOn)) === day
}

/** The day on which the year after that many years begins. */
function anniversary(startsOn: Day, years: number): Day {
  const year = (yearOf(startsOn) + years).toString().padStart(4, '0')
  const same = `${year}${startsOn.slice(4)}`
  return same.endsWith('-02-29') && !isLeapYear(yearOf(same)) ? `${year}-02-28` : same
}

function yearOf(day: Day): number {
  return parseInt(day.slice(0, 4), 10)
}

function isLeapYear(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
}
