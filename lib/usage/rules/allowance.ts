import { quantity, type Quantity } from '@/lib/money/quantity'

/** How a quantity divides into what the plan covers and what is paid in credits. */
export type Coverage = { readonly covered: Quantity; readonly rest: Quantity }

/**
 * Covers a quantity by what is left of the plan's allowance, before credits are touched (product.md, Words). `coveredInPeriod`
 * is what the allowance has covered so far in the period: a larger plan in mid-period adds exactly the difference, a smaller
 * one takes nothing back. The rest is rated; its `usedInPeriod` counts what was rated before and never what was covered.
 */
export function coverByAllowance(used: Quantity, included: Quantity, coveredInPeriod: Quantity): Coverage {
  const left = included > coveredInPeriod ? included - coveredInPeriod : 0n
  const covered = used < left ? used : left
  return { covered: quantity(covered), rest: quantity(used - covered) }
}
