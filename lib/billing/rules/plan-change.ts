import { cents, type Cents } from '@/lib/money/cents'
import { formatDecimal } from '@/lib/money/decimal'
import { divideHalfEven, divideUp } from '@/lib/money/rounding'
import type { PeriodSpan } from '@/lib/usage/rules/period'

/** A plan as its price is told, and the period of it that runs. */
export type PricedPlan = { readonly name: string; readonly monthlyPriceCents: Cents; readonly period: PeriodSpan }

/** What a change of plan means in money, for the rest of the period that runs. Nothing is charged by it. */
export type PriceChange = {
  readonly beforeCents: Cents
  readonly afterCents: Cents
  /** A begun day is counted whole. */
  readonly daysLeft: number
  readonly unusedCents: Cents
  readonly remainingCents: Cents
  /** `remainingCents` − `unusedCents`. */
  readonly differenceCents: bigint
  readonly sentence: string
}

const DAY_MS = 86_400_000n
const FREE = cents(0n)

/** What of a monthly price falls on the rest of a period: by its milliseconds, rounded once, half-even, to the cent. */
export function prorate(price: Cents, { start, end }: PeriodSpan, at: Date): Cents {
  const whole = BigInt(end.getTime() - start.getTime())
  return cents(divideHalfEven(price * BigInt(end.getTime() - at.getTime()), whole))
}

/** Compares the price before with the price after, in figures and in a sentence. `at` lies in the periods of both. */
export function comparePrices(before: PricedPlan | null, after: PricedPlan | null, at: Date): PriceChange {
  const unusedCents = before === null ? FREE : prorate(before.monthlyPriceCents, before.period, at)
  const remainingCents = after === null ? FREE : prorate(after.monthlyPriceCents, after.period, at)
  const period = after?.period ?? before?.period ?? null
  const daysLeft = period === null ? 0 : daysBetween(at, period.end)
  const differenceCents = remainingCents - unusedCents
  return {
    beforeCents: before?.monthlyPriceCents ?? FREE,
    afterCents: after?.monthlyPriceCents ?? FREE,
    daysLeft,
    unusedCents,
    remainingCents,
    differenceCents,
    sentence: priceSentence(before, after, differenceCents, daysLeft),
  }
}

function priceSentence(
  before: PricedPlan | null,
  after: PricedPlan | null,
  difference: bigint,
  daysLeft: number,
): string {
  if (before === null && after === null) return 'There is no plan, before or after.'
  const rest = daysLeft === 1 ? 'the last day of this period' : `the ${daysLeft} days left of this period`
  if (after === null) {
    return `${costs(before)}. It ends now: ${dollars(-difference)} of that falls on ${rest}.`
  }
  if (before === null) return `${costs(after)}. For ${rest} that is ${dollars(difference)}.`
  if (before.name === after.name && before.monthlyPriceCents === after.monthlyPriceCents && difference === 0n) {
    return `${costs(after)}, as before.`
  }
  const comparison =
    difference === 0n
      ? 'nothing more or less'
      : `${dollars(magnitude(difference))} ${difference > 0n ? 'more' : 'less'}`
  return `${costs(after)}, ${before.name} ${dollars(before.monthlyPriceCents)}. For ${rest} that is ${comparison}.`
}

function daysBetween(from: Date, to: Date): number {
  return parseInt(divideUp(BigInt(to.getTime() - from.getTime()), DAY_MS).toString(), 10)
}

function costs(plan: PricedPlan | null): string {
  return plan === null ? '' : `${plan.name} costs ${dollars(plan.monthlyPriceCents)} a month`
}

function magnitude(value: bigint): bigint {
  return value < 0n ? -value : value
}

/** Dollars as people read them: $20, $12.50. */
function dollars(value: bigint): string {
  const text = formatDecimal(value, 2)
  return `$${/\.\d$/.test(text) ? `${text}0` : text}`
}
