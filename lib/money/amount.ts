import { formatDecimal, parseDecimal, type ParsedDecimal } from './decimal'

declare const amountBrand: unique symbol

/** A count of an asset's smallest units. Signed; what it is worth is known only together with the asset's scale. */
export type Amount = bigint & { readonly [amountBrand]: true }

/** The default asset `credit` has this many decimals. */
export const CREDIT_SCALE = 9

/** No asset has more decimals than this. */
export const LARGEST_SCALE = 9

/** The largest amount that Purser accepts: 9,000,000,000 units at scale 9, safely inside a PostgreSQL BIGINT (api.md). */
export const LARGEST_AMOUNT = 9_000_000_000_000_000_000n as Amount

/** No credits. */
export const ZERO_AMOUNT = 0n as Amount

/** Brands an integer that is known to count smallest units. Throws when it cannot be stored: that is a bug, not an input. */
export function amount(units: bigint): Amount {
  if (units > LARGEST_AMOUNT || units < -LARGEST_AMOUNT) throw new RangeError(`amount out of range: ${units}`)
  return units as Amount
}

/** Brands a sum of amounts, which may be more than any wallet can hold: what is larger counts as the largest amount. Never negative. */
export function cappedAmount(units: bigint): Amount {
  if (units < 0n) return ZERO_AMOUNT
  return units > LARGEST_AMOUNT ? LARGEST_AMOUNT : (units as Amount)
}

/** Reads an amount of zero or more from a decimal string at the asset's scale. */
export function parseAmount(text: string, scale: number): ParsedDecimal<Amount> {
  const parsed = parseDecimal(text, scale)
  if (!parsed.ok) return parsed
  if (text.startsWith('-')) return { ok: false, error: 'not_a_decimal' }
  if (parsed.value > LARGEST_AMOUNT) return { ok: false, error: 'out_of_range' }
  return { ok: true, value: parsed.value as Amount }
}

/** Writes an amount as a decimal string at the asset's scale: exact, signed, no trailing zeros. */
export function formatAmount(value: Amount, scale: number): string {
  return formatDecimal(value, scale)
}

/** The smaller of two amounts. */
export function smallerAmount(left: Amount, right: Amount): Amount {
  return left < right ? left : right
}
