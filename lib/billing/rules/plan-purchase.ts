import type { PurserError } from '@/lib/errors'
import { invalidField } from '@/lib/errors'
import { formatAmount, LARGEST_AMOUNT, type Amount } from '@/lib/money/amount'
import { cents, creditsForCents, formatDollars, parseCreditRate, type Cents } from '@/lib/money/cents'
import type { PurchaseExpiry } from '@/lib/organizations/rules/effective-policy'
import { err, ok, type Result } from '@/lib/result'

/** What the policy of an account says about buying. */
export type PurchaseTerms = {
  readonly creditsPerUsd: string
  readonly minimumCents: number
  readonly expiry: PurchaseExpiry
}

/** What a payment of some cents buys. */
export type PurchasePlan = {
  readonly amountCents: Cents
  readonly credits: Amount
  /** Null: never. */
  readonly expiresAfterDays: number | null
}

/**
 * Decides what a payment buys: pre-tax cents at the account's rate, with the account's expiry (product.md, Settings where the
 * five differ). Errors: `invalid_input` naming `amount`, `invalid_state` when credits would expire with a contract that has no end.
 */
export function planPurchase(
  amountCents: Cents,
  terms: PurchaseTerms,
  scale: number,
): Result<PurchasePlan, PurserError> {
  const minimum = cents(BigInt(terms.minimumCents))
  if (amountCents < minimum) return err(invalidField('amount', `The smallest purchase is $${formatDollars(minimum)}.`))
  if (terms.expiry === 'contract_end') {
    return err({ code: 'invalid_state', message: 'Your contract has no end date yet. Ask your account executive.' })
  }
  const rate = parseCreditRate(terms.creditsPerUsd)
  if (!rate.ok) throw new Error(`the rate of a policy cannot be read: ${terms.creditsPerUsd}`)
  const credits = creditsForCents(amountCents, rate.value, scale)
  if (credits === 0n)
    return err(invalidField('amount', 'This amount buys less than the smallest unit. Choose a larger one.'))
  if (credits > LARGEST_AMOUNT) throw new Error(`a purchase of ${formatAmount(credits, scale)} credits is out of range`)
  return ok({
    amountCents,
    credits,
    expiresAfterDays: terms.expiry === 'never' ? null : terms.expiry.days,
  })
}

const DAY_MS = 86_400_000

/** When credits bought at an instant expire: after whole days of 24 hours. Null: never. */
export function purchaseExpiry(settledAt: Date, expiresAfterDays: number | null): Date | null {
  return expiresAfterDays === null ? null : new Date(settledAt.getTime() + expiresAfterDays * DAY_MS)
}
