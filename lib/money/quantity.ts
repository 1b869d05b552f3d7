import { amount, LARGEST_AMOUNT, type Amount } from './amount'
import { formatDecimal, parseDecimal, type ParsedDecimal } from './decimal'
import { divideHalfEven, divideUp, powerOfTen } from './rounding'

declare const quantityBrand: unique symbol
declare const unitPriceBrand: unique symbol

/** How much of a meter was used, in 10^-12 units: exact decimals of up to twelve places. Never negative. */
export type Quantity = bigint & { readonly [quantityBrand]: true }

/** What one unit of a meter costs in an asset, in 10^-12 of one whole asset unit. Never negative. */
export type UnitPrice = bigint & { readonly [unitPriceBrand]: true }

/** Quantities and prices carry this many decimals. */
export const DECIMAL_PLACES = 12

/** The largest quantity of one usage event: 10^15 (api.md). */
const LARGEST_QUANTITY = powerOfTen(15 + DECIMAL_PLACES)

/** No unit price is larger than the largest amount at scale 9. */
const LARGEST_UNIT_PRICE = 9_000_000_000n * powerOfTen(DECIMAL_PLACES)

/** Nothing used. */
export const ZERO_QUANTITY = 0n as Quantity

/** Brands an integer that is known to count 10^-12 units. */
export function quantity(units: bigint): Quantity {
  if (units < 0n) throw new RangeError(`quantity must not be negative: ${units}`)
  return units as Quantity
}

/** A whole number of units as a quantity. */
export function wholeQuantity(units: bigint): Quantity {
  return quantity(units * powerOfTen(DECIMAL_PLACES))
}

/** Reads a quantity from a decimal string of up to twelve places. */
export function parseQuantity(text: string): ParsedDecimal<Quantity> {
  return parseUnsigned(text, LARGEST_QUANTITY) as ParsedDecimal<Quantity>
}

/** Writes a quantity as a decimal string without trailing zeros. */
export function formatQuantity(value: Quantity): string {
  return formatDecimal(value, DECIMAL_PLACES)
}

/** Reads a unit price from a decimal string of up to twelve places. */
export function parseUnitPrice(text: string): ParsedDecimal<UnitPrice> {
  return parseUnsigned(text, LARGEST_UNIT_PRICE) as ParsedDecimal<UnitPrice>
}

/** Writes a unit price as a decimal string without trailing zeros. */
export function formatUnitPrice(value: UnitPrice): string {
  return formatDecimal(value, DECIMAL_PLACES)
}

/** Rounds a quantity up to the next multiple of a step: 25.4 s at a step of 1 s is 26 s. */
export function roundUpTo(value: Quantity, step: Quantity): Quantity {
  if (step === 0n) throw new RangeError('roundUpTo: the step must be positive')
  return quantity(divideUp(value, step) * step)
}

/**
 * An exact charge before rounding: a sum of quantity × price products, in 10^-24 of one asset unit.
 * Several products (tiers) are added first and rounded once.
 */
export type ExactCharge = bigint

/** Quantity × price, exact. */
export function multiply(units: Quantity, price: UnitPrice): ExactCharge {
  return units * price
}

/** A flat price as an exact charge. */
export function flatCharge(price: UnitPrice): ExactCharge {
  return price * powerOfTen(DECIMAL_PLACES)
}

/** Rounds an exact charge once, half-even, to the asset's scale. Null when the result is larger than any amount. */
export function roundCharge(charge: ExactCharge, scale: number): Amount | null {
  const rounded = divideHalfEven(charge, powerOfTen(2 * DECIMAL_PLACES - scale))
  return rounded > LARGEST_AMOUNT ? null : amount(rounded)
}

function parseUnsigned(text: string, largest: bigint): ParsedDecimal<bigint> {
  const parsed = parseDecimal(text, DECIMAL_PLACES)
  if (!parsed.ok) return parsed
  if (text.startsWith('-')) return { ok: false, error: 'not_a_decimal' }
  return parsed.value > largest ? { ok: false, error: 'out_of_range' } : parsed
}
