/** The prices, the plans and the calendar that the naive account goes by. Instants are whole hours from `START`; months and days are Tokyo's. */
export const START = Date.UTC(2031, 0, 30)
export const TIME_ZONE = 'Asia/Tokyo'
const AHEAD_OF_UTC = 9
const HOUR_MS = 3_600_000

/** `x` does not exist, `n` exists without a price. */
export const METERS = ['a', 'b', 'p', 'f', 'g', 'n', 'x'] as const
export type MeterKey = (typeof METERS)[number]

/** The price list as it is sent to the real product; `p` is sold in packages of three. */
export const PRICES = {
  a: { model: 'per_unit', unit_price: '1' },
  b: { model: 'per_unit', unit_price: '2' },
  p: { model: 'package', package_size: '3', package_price: '1' },
  f: { model: 'per_unit', unit_price: '0' },
  g: { model: 'per_unit', unit_price: '1', asset: 'gold' },
} as const

export function assetOf(meter: MeterKey): string {
  return meter === 'g' ? 'gold' : 'credit'
}

/** What units of a meter cost, one by one, when `used` were paid for before in the month. */
export function costOf(meter: MeterKey, units: number, used: number): number {
  let cost = 0
  for (let unit = 0; unit < units; unit += 1) {
    if (meter === 'a' || meter === 'g') cost += 1
    if (meter === 'b') cost += 2
    if (meter === 'p' && (used + unit) % 3 === 0) cost += 1
  }
  return cost
}

/** Plans are anchored to the 31st: the last day of each of the months that a test reaches. */
export const PLANS = {
  small: { allowances: { p: 5 }, gives: 4 },
  large: { allowances: { p: 9, a: 2 }, gives: 6 },
} as const
export type PlanKey = keyof typeof PLANS

export function included(plan: PlanKey | null, meter: string): number {
  const allowances: Readonly<Record<string, number>> = plan === null ? {} : PLANS[plan].allowances
  return allowances[meter] ?? 0
}

export type Counting = 'day' | 'month' | 'total'

/** The instant of an hour. */
export function instantOf(hour: number): Date {
  return new Date(START + hour * HOUR_MS)
}

function wall(hour: number): Date {
  return instantOf(hour + AHEAD_OF_UTC)
}

/** The local day of an hour, `YYYY-MM-DD`. */
function dayOf(hour: number): string {
  return wall(hour).toISOString().slice(0, 10)
}

/** A word for the day, the calendar month, or the one period of a counter that never starts again. */
export function periodWord(period: Counting, hour: number): string {
  if (period === 'total') return ''
  return period === 'day' ? dayOf(hour) : dayOf(hour).slice(0, 7)
}

/** From when until when something of a month lasts, in hours. */
export type Span = { readonly from: number; readonly to: number }

/** The calendar month of an hour: found by walking to its ends. */
export function monthSpan(hour: number): Span {
  return walk(hour, (at) => periodWord('month', at))
}

/** The plan period of an hour: from the last day of a month to the last day of the next. */
export function planSpan(hour: number): Span {
  return walk(hour, (at) => periodWord('month', at + 24))
}

function walk(hour: number, wordOf: (hour: number) => string): Span {
  let [from, to] = [hour, hour + 1]
  while (wordOf(from - 1) === wordOf(hour)) from -= 1
  while (wordOf(to) === wordOf(hour)) to += 1
  return { from, to }
}
