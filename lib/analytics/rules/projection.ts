import { divideHalfEven } from '@/lib/money/rounding'
import { addDays, daysBetween, daysUpTo, monthOf, weekdayOf, type Day } from './calendar'
import { lastCompleteDays, recentDays, spentBetween, spentOn, sum, type SpendHistory } from './spend'

/** What the month will have cost when it ends, with the days that have not happened. In smallest units. */
export type Projection = {
  readonly low: bigint
  readonly expected: bigint
  readonly high: bigint
  /** How many complete days the estimate rests on. */
  readonly basisDays: number
  /** The expected spend of each remaining day of the month. */
  readonly remaining: readonly { readonly day: Day; readonly amount: bigint }[]
}

const WEEKS_TO_WEIGH = 3
const DAYS_TO_WEIGH = 7 * WEEKS_TO_WEIGH

/**
 * Month = spend to the last complete day + today so far + (mean of the last 7 complete days) × each remaining day. With 21 complete
 * days or more a remaining day counts as much as its weekday did in the last three weeks. The band is the same with the lowest and the
 * highest of the 7 days. Null under three complete days (ux.md, section 7).
 */
export function projectMonth(history: SpendHistory): Projection | null {
  const recent = recentDays(history)
  if (recent === null) return null
  const { first, last } = monthOf(history.today)
  const spent = spentBetween(history, first, addDays(history.today, -1)) + spentOn(history, history.today)
  const ahead = daysUpTo(last, daysBetween(history.today, last))
  const weigh = weekdayWeights(history)
  // A day costs `total / days`, times how heavy its weekday is: one exact fraction, rounded once.
  const project = (total: bigint, days: number) =>
    ahead.map((day) => {
      const { part, whole } = weigh(day)
      return divideHalfEven(total * part, BigInt(days) * whole)
    })
  const expected = project(recent.total, recent.days)
  return {
    low: spent + sum(project(recent.lowest, 1)),
    expected: spent + sum(expected),
    high: spent + sum(project(recent.highest, 1)),
    basisDays: recent.days,
    remaining: ahead.map((day, index) => ({ day, amount: expected[index] ?? 0n })),
  }
}

type Weight = { readonly part: bigint; readonly whole: bigint }

const AVERAGE_DAY: Weight = { part: 1n, whole: 1n }

/** How much a day counts against the average day: its weekday's spend of three weeks × 7 ÷ all spend of those weeks. */
function weekdayWeights(history: SpendHistory): (day: Day) => Weight {
  const weeks = lastCompleteDays(history, DAYS_TO_WEIGH)
  const whole = sum(weeks)
  if (weeks.length < DAYS_TO_WEIGH || whole === 0n) return () => AVERAGE_DAY
  const firstWeekday = weekdayOf(addDays(history.today, -DAYS_TO_WEIGH))
  return (day) => {
    const offset = (weekdayOf(day) - firstWeekday + 7) % 7
    return { part: 7n * sum(weeks.filter((_, index) => index % 7 === offset)), whole }
  }
}
