import { amount, type Amount } from './amount'
import { formatDecimal, parseDecimal, type ParsedDecimal } from './decimal'
import { divideUp, powerOfTen } from './rounding'

declare const centsBrand: unique symbol
declare const rateBrand: unique symbol

/** Money on a card, in US cents. Kept apart from credits: the compiler refuses to add the two. */
export type Cents = bigint & { readonly [centsBrand]: true }

/** Stripe charges at most 999,999.99 USD at once. */
export const LARGEST_CHARGE_CENTS = 99_999_999n as Cents

const RATE_PLACES = 6
const CENTS_AT_RATE = 100n * powerOfTen(RATE_PLACES)

/** Brands an integer that is known to count cents. Throws when negative: money on a card has no sign. */
export function cents(value: bigint): Cents {
  if (value < 0n) throw new RangeError(`cents must not be negative: ${value}`)
  return value as Cents
}

/** Reads dollars with at most two decimals, such as `"12.5"`, as cents. */
export function parseDollars(text: string): ParsedDecimal<Cents> {
  const parsed = parseDecimal(text, 2)
  if (!parsed.ok) return parsed
  if (text.startsWith('-')) return { ok: false, error: 'not_a_decimal' }
  if (parsed.value > LARGEST_CHARGE_CENTS) return { ok: false, error: 'out_of_range' }
  return { ok: true, value: parsed.value as Cents }
}

/** Writes cents as a plain decimal string of dollars: 8100 is `"81"`, 1250 is `"12.5"`. */
export function formatDollars(value: Cents): string {
  return formatDecimal(value, 2)
}

/** How many credits one dollar buys, in 10^-6 credits. */
export type CreditRate = bigint & { readonly [rateBrand]: true }

/** Reads credits per dollar, such as `"1"` or `"100"`, with at most six decimals and more than zero. */
export function parseCreditRate(text: string): ParsedDecimal<CreditRate> {
  const parsed = parseDecimal(text, RATE_PLACES)
  if (!parsed.ok) return parsed
  return parsed.value > 0n ? { ok: true, value: parsed.value as CreditRate } : { ok: false, error: 'out_of_range' }
}

/** The credits that a payment buys: pre-tax cents × credits per dollar. What is smaller than the asset's smallest unit is not given. */
export function creditsForCents(value: Cents, rate: CreditRate, scale: number): Amount {
  return amount((value * rate * powerOfTen(scale)) / CENTS_AT_RATE)
}

/** The cents that buy at least this many credits: a recharge to a target rounds up to the cent (ledger.md, Amounts). */
export function centsForCredits(value: Amount, rate: CreditRate, scale: number): Cents {
  return cents(divideUp(value * CENTS_AT_RATE, rate * powerOfTen(scale)))
}
