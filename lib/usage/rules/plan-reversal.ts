import { invalidField, type PurserError } from '@/lib/errors'
import { formatAmount, parseAmount, type Amount } from '@/lib/money/amount'
import { err, ok, type Result } from '@/lib/result'

/** How much of a charge is to be taken back: a decimal string of the asset's scale, more than zero; null: all that is left. */
export function readReversalAmount(text: string | undefined, scale: number): Result<Amount | null, PurserError> {
  if (text === undefined) return ok(null)
  const parsed = parseAmount(text, scale)
  if (!parsed.ok) {
    const message = parsed.error === 'too_many_decimals' ? `Use at most ${scale} decimals.` : 'Use a smaller amount.'
    return err(invalidField('amount', message))
  }
  return parsed.value > 0n ? ok(parsed.value) : err(invalidField('amount', 'Use more than zero.'))
}

/** Says why a reversal is refused that asks for more than is left. */
export function refuseExcess(reversible: Amount, scale: number): PurserError {
  if (reversible === 0n) return invalidField('amount', 'All of this charge has been taken back already.')
  return invalidField('amount', `Use at most ${formatAmount(reversible, scale)}: no more of this charge is left.`)
}

/** Credit that repaid debt, and when it would have ended: null is never, `unknown` what nobody kept. */
export type RepaidBy = { readonly at: Date; readonly expiresAt: Date | null | 'unknown' }

/** Credit of which no trace was kept came with a period of a plan or a Lite seat, and none is longer than a month. */
const LONGEST_PERIOD_MS = 31 * 86_400_000

/**
 * How long credit may live that is made of repaid debt when its usage is taken back: no longer than any credit that repaid debt since,
 * because no path makes expiring credit permanent (ledger.md, invariant 7). Where that is over already, the credit ends as it comes.
 */
export function remainderLifetime(
  repayments: readonly RepaidBy[],
  at: Date,
): { readonly effectiveAt: Date; readonly expiresAt: Date | null } {
  let soonest: { readonly effectiveAt: Date; readonly expiresAt: Date | null } = { effectiveAt: at, expiresAt: null }
  for (const repayment of repayments) {
    const expiresAt =
      repayment.expiresAt === 'unknown' ? new Date(repayment.at.getTime() + LONGEST_PERIOD_MS) : repayment.expiresAt
    if (expiresAt === null || (soonest.expiresAt !== null && expiresAt >= soonest.expiresAt)) continue
    soonest = { effectiveAt: expiresAt > at ? at : repayment.at, expiresAt }
  }
  return soonest
}
