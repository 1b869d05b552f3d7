/** Divides and rounds to the nearest integer, ties to the even one. The single rounding of a charge (ledger.md, Amounts). */
export function divideHalfEven(numerator: bigint, denominator: bigint): bigint {
  if (denominator <= 0n) throw new RangeError('divideHalfEven: the denominator must be positive')
  const quotient = numerator / denominator
  const remainder = numerator % denominator
  const doubled = (remainder < 0n ? -remainder : remainder) * 2n
  const away = numerator < 0n ? quotient - 1n : quotient + 1n
  if (doubled < denominator) return quotient
  if (doubled > denominator) return away
  return quotient % 2n === 0n ? quotient : away
}

/** Divides and rounds towards positive infinity: partial seconds, hours, packages and cents count as whole ones. */
export function divideUp(numerator: bigint, denominator: bigint): bigint {
  if (denominator <= 0n) throw new RangeError('divideUp: the denominator must be positive')
  const quotient = numerator / denominator
  return numerator % denominator > 0n ? quotient + 1n : quotient
}

/** Every power that a scale or a decimal asks for; larger ones are worked out. */
const KNOWN_POWERS = Array.from({ length: 37 }, (_, exponent) => 10n ** BigInt(exponent))

/** 10 to the power of a small non-negative integer, exact. */
export function powerOfTen(exponent: number): bigint {
  const known = KNOWN_POWERS[exponent]
  if (known !== undefined) return known
  if (!Number.isInteger(exponent) || exponent < 0) throw new RangeError('powerOfTen: a whole exponent from 0')
  return 10n ** BigInt(exponent)
}
