import { quantity, ZERO_QUANTITY, type Quantity } from '@/lib/money/quantity'
import { localDay, periodOf, type PeriodSpan } from '@/lib/usage/rules/period'

/** Usage may be reported 34 days late (api.md), into a month that began up to 31 days before. */
export const LONGEST_COUNTED_MS = 66 * 86_400_000

const LAST_DAY = 31

/** What an allowance covered in the period that began at an instant, and what open holds have reserved of it. */
export type PeriodAllowance = {
  readonly meter: string
  readonly periodStart: Date
  readonly covered: Quantity
  readonly reserved: Quantity
}

/** How an account's periods are cut before and after a change. */
export type AnchorMove = {
  readonly timeZone: string
  readonly before: number
  readonly after: number
  readonly at: Date
}

/** What counts after a move of the anchor day: in the period that runs, and in those before it into which usage may still be reported. */
export type CarriedAllowances = {
  readonly running: readonly PeriodAllowance[]
  readonly earlier: readonly PeriodAllowance[]
  /** The starts of the periods that ran by another day: what is reserved there moves into the one that runs. */
  readonly leftStarts: readonly Date[]
}

/**
 * What the allowances of an account have covered counts on when its periods begin on another day: each new period that has begun starts with
 * the most that any period covered which it overlaps, the one that runs with the most of those that have not ended. Reservations of those
 * move into it. A move forth and back changes nothing, so no number of moves gives an allowance twice.
 */
export function carryAllowances(counts: readonly PeriodAllowance[], move: AnchorMove): CarriedAllowances {
  const { timeZone, after, at } = move
  const known = counts.map((count) => ({ ...count, end: endOf(count.periodStart, move) }))
  const current = periodOf(at, timeZone, after, 'month')
  const live = known.filter(({ periodStart, end }) => periodStart <= at && end > at)
  const running = metersOf(live).map((meter) => {
    const own = live.filter((count) => count.meter === meter)
    const reserved = quantity(own.reduce((sum, count) => sum + count.reserved, 0n))
    return { meter, periodStart: current.start, covered: most(own), reserved }
  })
  const earlier = spansBefore(current, move).flatMap((span) => {
    const overlapped = known.filter(({ periodStart, end }) => periodStart < span.end && end > span.start)
    return metersOf(overlapped).map((meter) => {
      const covered = most(overlapped.filter((count) => count.meter === meter))
      return { meter, periodStart: span.start, covered, reserved: ZERO_QUANTITY }
    })
  })
  const left = new Set(live.map(({ periodStart }) => periodStart.getTime()))
  left.delete(current.start.getTime())
  return { running, earlier, leftStarts: [...left].map((start) => new Date(start)) }
}

/** The periods before one, by the new day, into which usage may still be reported; the latest first. */
function spansBefore(current: PeriodSpan, { timeZone, after, at }: AnchorMove): readonly PeriodSpan[] {
  const spans: PeriodSpan[] = []
  const first = at.getTime() - LONGEST_COUNTED_MS
  for (let start = current.start; start.getTime() > first;) {
    const span = periodOf(new Date(start.getTime() - 1), timeZone, after, 'month')
    spans.push(span)
    start = span.start
  }
  return spans
}

/** When a period ends that is known by its start: by the day that holds, or else by the day on which it began. */
function endOf(start: Date, { timeZone, before }: AnchorMove): Date {
  const spans = [before, LAST_DAY].map((day) => periodOf(start, timeZone, day, 'month'))
  const known = spans.find((span) => span.start.getTime() === start.getTime())
  return (known ?? periodOf(start, timeZone, parseInt(localDay(start, timeZone).slice(8), 10), 'month')).end
}

function metersOf(counts: readonly PeriodAllowance[]): readonly string[] {
  return [...new Set(counts.map(({ meter }) => meter))]
}

function most(counts: readonly PeriodAllowance[]): Quantity {
  return counts.reduce((largest, { covered }) => (covered > largest ? covered : largest), ZERO_QUANTITY)
}
