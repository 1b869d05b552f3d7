import { ZERO_AMOUNT, type Amount } from '@/lib/money/amount'
import { cents, centsForCredits, creditsForCents, LARGEST_CHARGE_CENTS, type Cents } from '@/lib/money/cents'

import { sumOwed, type DebtParts, type OwedInvoice } from './invoice'
import type { PaymentKind } from './payment-kind'
import {
  isRechargeDue,
  isWithinCap,
  rechargeCents,
  type CreditPrice,
  type RechargeSize,
  type RechargeTerms,
} from './recharge'

/** Stripe charges no less than this at once, in US cents. What is owed below it is charged as this much; the rest is credit. */
const SMALLEST_CHARGE_CENTS = cents(50n)

/** Debt that is older than this is charged whatever it comes to. */
export const OLDEST_DEBT_MS = 3_600_000

/** Why somebody looks: a run has ended, which settles its debt at once, or anything else. */
export type ChargeOccasion = 'run_ended' | 'other'

/** A charge of the default card. */
export type ChargePlan = {
  readonly kind: Exclude<PaymentKind, 'purchase'>
  readonly amountCents: Cents
  readonly credits: Amount
}

/** What an auto-recharge that is on would do. */
export type RechargeChance = {
  readonly terms: RechargeTerms
  readonly size: RechargeSize
  readonly level: Amount
  readonly capCents: Cents | null
  /** What recharges took this month. */
  readonly chargedCents: Cents
}

/** Everything that an account may be charged for now. */
export type ChargeSituation = {
  readonly price: CreditPrice
  /** Usage is invoiced at the end of the month: until the cutover nothing else is charged. */
  readonly isAccruing: boolean
  readonly unpaid: readonly OwedInvoice[]
  readonly debt: DebtParts
  /** Whether debt that is charged by itself is due: see `isDebtDue`. */
  readonly isDebtDue: boolean
  readonly recharge: RechargeChance | null
}

/** What is to be done: a charge, or nothing because the month's cap is reached, or nothing at all. */
export type ChargeDecision =
  | { readonly kind: 'charge'; readonly plan: ChargePlan }
  | { readonly kind: 'blocked_by_cap' }
  | { readonly kind: 'nothing' }

/**
 * What is charged next: invoices first; then a recharge, which repays debt on its way above the threshold; then debt alone (ledger.md, "At
 * zero" and Recharge). One at a time: what is left is looked at again when it has settled.
 */
export function planCharge(situation: ChargeSituation): ChargeDecision {
  const invoice = planInvoices(situation)
  if (invoice !== null) return charge('invoice', invoice, situation.price)
  if (situation.isAccruing) return NOTHING
  const { recharge, debt, price } = situation
  if (recharge !== null && isRechargeDue(recharge.terms, recharge.level)) {
    const amountCents = rechargeCents(recharge.terms, recharge.size, recharge.level, price)
    if (isWithinCap(recharge.capCents, recharge.chargedCents, amountCents))
      return charge('recharge', amountCents, price)
  }
  if (situation.isDebtDue && debt.fresh > 0n) return charge('settlement', atLeast(centsOf(debt.fresh, price)), price)
  return recharge !== null && isRechargeDue(recharge.terms, recharge.level) ? { kind: 'blocked_by_cap' } : NOTHING
}

/**
 * Whether debt is charged now: when a run has ended, when it passes the limit, when it is an hour old. Small debts are batched by this.
 */
export function isDebtDue(
  debt: Amount,
  since: Date | null,
  { limitCents, occasion, now, price }: { limitCents: number; occasion: ChargeOccasion; now: Date; price: CreditPrice },
): boolean {
  if (debt === 0n) return false
  if (occasion === 'run_ended' || centsOf(debt, price) > BigInt(limitCents)) return true
  return since !== null && since.getTime() + OLDEST_DEBT_MS <= now.getTime()
}

const NOTHING: ChargeDecision = { kind: 'nothing' }

/** While usage accrues, invoices too small for Stripe wait for the next one. */
function planInvoices({ unpaid, debt, price, isAccruing }: ChargeSituation): Cents | null {
  if (debt.invoiced === 0n) return null
  const isWhole = debt.invoiced === sumOwed(unpaid)
  const asked = isWhole ? unpaid.reduce((sum, { amountCents }) => sum + amountCents, 0n) : centsOf(debt.invoiced, price)
  return asked < SMALLEST_CHARGE_CENTS && isAccruing ? null : atLeast(cents(asked))
}

function charge(kind: ChargePlan['kind'], wanted: Cents, { rate, scale }: CreditPrice): ChargeDecision {
  const amountCents = wanted < LARGEST_CHARGE_CENTS ? wanted : LARGEST_CHARGE_CENTS
  return { kind: 'charge', plan: { kind, amountCents, credits: creditsForCents(amountCents, rate, scale) } }
}

function centsOf(debt: Amount, { rate, scale }: CreditPrice): Cents {
  return debt === ZERO_AMOUNT ? cents(0n) : centsForCredits(debt, rate, scale)
}

function atLeast(wanted: Cents): Cents {
  return wanted < SMALLEST_CHARGE_CENTS ? SMALLEST_CHARGE_CENTS : wanted
}
