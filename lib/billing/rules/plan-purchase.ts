import type { PurserError } from '@/lib/errors'
import { invalidField } from '@/lib/errors'
import { formatAmount, LARGEST_AMOUNT, type Amount } from '@/lib/money/amount'
import { cents, creditsForCents, formatDollars, parseCreditRate, type Cents } from '@/lib/money/cents'
import type { EffectivePolicy, PurchaseExpiry } from '@/lib/organizations/rules/effective-policy'
import { err, ok, type Result } from '@/lib/result'

import { contractSpan, type ContractDays } from './contract-year'

/** What the policy of an account says about buying. */
export type PurchaseTerms = {
  readonly creditsPerUsd: string
  readonly minimumCents: number
  readonly expiry: PurchaseExpiry
  /** The first instant after the contract that runs, or is to begin; null: there is none. */
  readonly contractEndsAt: Date | null
}

/** What a payment of some cents buys. */
export type PurchasePlan = {
  readonly amountCents: Cents
  readonly credits: Amount
  /** Null: not after some days. */
  readonly expiresAfterDays: number | null
  /** The end of the contract, with which it expires; null: not with a contract. */
  readonly expiresAt: Date | null
}

/** What the policy of an account says about buying, and when the contract ends that its purchases may expire with. */
export function purchaseTerms(
  policy: EffectivePolicy,
  contract: ContractDays | null,
  timeZone: string,
  now: Date,
): PurchaseTerms {
  const end = contract === null ? null : contractSpan(contract, timeZone).end
  return {
    creditsPerUsd: policy.credits_per_usd.value,
    minimumCents: policy.minimum_purchase_cents.value,
    expiry: policy.purchase_expiry.value,
    contractEndsAt: end !== null && end > now ? end : null,
  }
}

/**
 * Decides what a payment buys: pre-tax cents at the account's rate, with the account's expiry (product.md, Settings where the
 * five differ). Errors: `invalid_input` naming `amount`, `invalid_state` when credits would expire with a contract and none runs.
 */
export function planPurchase(
  amountCents: Cents,
  terms: PurchaseTerms,
  scale: number,
): Result<PurchasePlan, PurserError> {
  const minimum = cents(BigInt(terms.minimumCents))
  if (amountCents < minimum) return err(invalidField('amount', `The smallest purchase is $${formatDollars(minimum)}.`))
  if (terms.expiry === 'contract_end' && terms.contractEndsAt === null) {
    const message = 'Credits expire with your contract, and there is none that runs. Ask your account executive.'
    return err({ code: 'invalid_state', message })
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
    expiresAfterDays: typeof terms.expiry === 'object' ? terms.expiry.days : null,
    expiresAt: terms.expiry === 'contract_end' ? terms.contractEndsAt : null,
  })
}

const DAY_MS = 86_400_000

/**
 * When credits bought at an instant expire: after whole days of 24 hours, or with the contract. Null: never. Money that settles only after
 * the contract ended buys credits that never expire: what was paid for is not taken away unused.
 */
export function purchaseExpiry(
  settledAt: Date,
  { expiresAfterDays, expiresAt }: Pick<PurchasePlan, 'expiresAfterDays' | 'expiresAt'>,
): Date | null {
  if (expiresAt !== null) return expiresAt > settledAt ? expiresAt : null
  return expiresAfterDays === null ? null : new Date(settledAt.getTime() + expiresAfterDays * DAY_MS)
}
