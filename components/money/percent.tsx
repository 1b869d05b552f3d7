import { parseDecimal } from '@/lib/money/decimal'
import type { Decimal } from '@/lib/analytics/contract'

const SCALE = 12

/** Whole percent by which `now` differs from `before`; null when there is nothing to compare with. */
export function changePercent(now: Decimal, before: Decimal): number | null {
  const was = read(before)
  if (was <= 0n) return null
  return Number(((read(now) - was) * 100n) / was)
}

/** A part of a whole in percent for the width of a bar, from 0 to 100. Not for showing money. */
export function sharePercent(part: Decimal, whole: Decimal): number {
  const total = read(whole)
  if (total <= 0n) return 0
  const share = Number((read(part) * 10_000n) / total) / 100
  return Math.min(100, Math.max(0, share))
}

/** A percentage that was worked out on the server. */
export function Percent({ value }: { readonly value: string }) {
  return <span className="whitespace-nowrap">{value}%</span>
}

function read(text: Decimal): bigint {
  const parsed = parseDecimal(text, SCALE)
  return parsed.ok ? parsed.value : 0n
}
