import { amount, type Amount } from './amount'
import { formatDecimal, parseDecimal, type ParsedDecimal } from './decimal'
import { divideUp, powerOfTen } from './rounding'

declare const centsBrand: unique symbol

/** Money on a card, in US cents. Kept apart from credits: the compiler refuses to add the two. */
export type Cents = bigint & { readonly [centsBrand]: true }

/** Stripe charges at most 999,999.99 USD at once. */
export const LARGEST_CHARGE_CENTS = 99_999_999n as Cents

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

/** The credits that a payment buys: pre-tax cents × credits per dollar, exact at every scale from 2; below, whole units only, rounded down. */
export function creditsForCents(value: Cents, creditsPerUsd: bigint, scale: number): Amount {
  return amount((value * creditsPerUsd * powerOfTen(scale)) / 100n)
}

/** The cents that buy at least this many credits: a recharge to a target rounds up to the cent (ledger.md, Amounts). */
export function centsForCredits(value: Amount, creditsPerUsd: bigint, scale: number): Cents {
  return cents(divideUp(value * 100n, creditsPerUsd * powerOfTen(scale)))
}
