import { powerOfTen } from './rounding'

/** Why a decimal string was refused. */
export type DecimalRefusal = 'not_a_decimal' | 'too_many_decimals' | 'out_of_range'

/** The outcome of reading a decimal string. */
export type ParsedDecimal<Value> =
  { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly error: DecimalRefusal }

/** No amount, price or quantity that Purser accepts has more characters than this. */
const LONGEST_DECIMAL = 40
const DECIMAL = /^(-?)(0|[1-9][0-9]*)(?:\.([0-9]+))?$/
const NEGATIVE_ZERO = /^-0(?:\.0+)?$/

/**
 * Reads a plain decimal string as an integer count of 10^-scale units, exactly.
 * Refuses exponents, plus signs, leading zeros, a signed zero, white space, a bare point, and more decimals than the scale.
 */
export function parseDecimal(text: string, scale: number): ParsedDecimal<bigint> {
  if (text.length > LONGEST_DECIMAL) return { ok: false, error: 'out_of_range' }
  const match = DECIMAL.exec(text)
  if (match === null || NEGATIVE_ZERO.test(text)) return { ok: false, error: 'not_a_decimal' }
  const fraction = match[3] ?? ''
  if (fraction.length > scale) return { ok: false, error: 'too_many_decimals' }
  const units = BigInt((match[2] ?? '0') + fraction.padEnd(scale, '0'))
  return { ok: true, value: match[1] === '-' ? -units : units }
}

/** Writes an integer count of 10^-scale units as a plain decimal string, exact, without trailing zeros. */
export function formatDecimal(units: bigint, scale: number): string {
  const sign = units < 0n ? '-' : ''
  const magnitude = units < 0n ? -units : units
  const base = powerOfTen(scale)
  const fraction = (magnitude % base).toString().padStart(scale, '0').replace(/0+$/, '')
  const whole = (magnitude / base).toString()
  return scale === 0 || fraction === '' ? sign + whole : `${sign}${whole}.${fraction}`
}
