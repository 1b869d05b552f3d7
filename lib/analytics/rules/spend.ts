import { addDays, daysBetween, daysUpTo, type Day } from './calendar'

/** What an account spent from one wallet, day by day in its own time zone. Days without spend may be missing. */
export type SpendHistory = {
  readonly today: Day
  /** The first day of usage that is known; null when there is none. */
  readonly firstDay: Day | null
  /** Spend by day in smallest units, never negative. */
  readonly byDay: ReadonlyMap<Day, bigint>
}

/** No estimate is made on fewer complete days than this (ux.md, section 7). */
const FEWEST_DAYS = 3
const RECENT_DAYS = 7

/** How many days of usage are complete: today is not. */
function completeDayCount({ today, firstDay }: SpendHistory): number {
  return firstDay === null ? 0 : Math.max(0, daysBetween(firstDay, today))
}

/** Spend of the last complete days, oldest first: at most `count`, none before the first day of usage. */
export function lastCompleteDays(history: SpendHistory, count: number): readonly bigint[] {
  const known = Math.min(count, completeDayCount(history))
  return daysUpTo(addDays(history.today, -1), known).map((day) => spentOn(history, day))
}

/** What the last complete days, at most seven, say about a day; null while there are fewer than three. */
export type RecentDays = {
  readonly days: number
  readonly total: bigint
  readonly lowest: bigint
  readonly highest: bigint
}

/** The last complete days, at most seven, on which every estimate rests (ux.md, section 7). Null under three. */
export function recentDays(history: SpendHistory): RecentDays | null {
  const recent = lastCompleteDays(history, RECENT_DAYS)
  if (recent.length < FEWEST_DAYS) return null
  return {
    days: recent.length,
    total: sum(recent),
    lowest: recent.reduce((least, spent) => (spent < least ? spent : least)),
    highest: recent.reduce((most, spent) => (spent > most ? spent : most)),
  }
}

/** Spend of one day. */
export function spentOn({ byDay }: SpendHistory, day: Day): bigint {
  return byDay.get(day) ?? 0n
}

/** Spend from one day to another, both included. */
export function spentBetween(history: SpendHistory, first: Day, last: Day): bigint {
  const count = daysBetween(first, last) + 1
  return count <= 0 ? 0n : sum(daysUpTo(last, count).map((day) => spentOn(history, day)))
}

/** Adds up. */
export function sum(amounts: readonly bigint[]): bigint {
  return amounts.reduce((total, next) => total + next, 0n)
}
