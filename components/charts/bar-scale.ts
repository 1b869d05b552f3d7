import type { Decimal } from '@/lib/analytics/contract'
import { formatDecimal, parseDecimal } from '@/lib/money/decimal'

const SCALE = 12
/** Tops of an axis that read well, in tenths: 1, 2, 2.5 and 5 times a power of ten. */
const STEPS = [10n, 20n, 25n, 50n] as const

/** The top of an axis: the smallest round value that no amount exceeds. "1" when there is nothing. */
export function axisTop(amounts: readonly Decimal[]): Decimal {
  const largest = amounts.map(read).reduce((most, units) => (units > most ? units : most), 0n)
  if (largest <= 0n) return '1'
  for (let power = 1n; ; power *= 10n) {
    const step = STEPS.find((tenths) => (tenths * power) / 10n >= largest)
    if (step !== undefined) return formatDecimal((step * power) / 10n, SCALE)
  }
}

/** Half of an axis. */
export function half(top: Decimal): Decimal {
  return formatDecimal(read(top) / 2n, SCALE)
}

function read(amount: Decimal): bigint {
  const parsed = parseDecimal(amount, SCALE)
  return parsed.ok ? parsed.value : 0n
}
