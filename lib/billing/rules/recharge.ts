import { summarize } from '@/lib/ledger/balance'
import type { Book } from '@/lib/ledger/types'
import { amount, type Amount } from '@/lib/money/amount'
import { cents, centsForCredits, type Cents, type CreditRate } from '@/lib/money/cents'
import { divideUp } from '@/lib/money/rounding'

/** When auto-recharge fires: at the threshold already, or only below it. */
export const RECHARGE_TRIGGERS = ['at_or_below', 'below'] as const
export type RechargeTrigger = (typeof RECHARGE_TRIGGERS)[number]

/** How much it charges: a fixed amount, or what is missing to a target. */
export const RECHARGE_SIZES = ['amount', 'target'] as const
export type RechargeSizeMode = (typeof RECHARGE_SIZES)[number]

/** What decides whether a debit calls for a recharge. */
export type RechargeTerms = {
  readonly assetCode: string
  readonly threshold: Amount
  readonly trigger: RechargeTrigger
}

/** How much a recharge adds: the amount, or enough to reach the target. */
export type RechargeSize = { readonly mode: RechargeSizeMode; readonly size: Amount }

/** What credits cost: credits per dollar, and the decimals of the asset. */
export type CreditPrice = { readonly rate: CreditRate; readonly scale: number }

/** A share of the monthly cap, in percent, at which people are told. */
export type CapNotice = 80 | 90 | 100

const CAP_NOTICES = [80n, 90n, 100n] as const

/** Whether a wallet with so much available calls for a recharge. `recharge` is null while it is off, waits or is suspended. */
export function isRechargeDue(recharge: RechargeTerms | null, available: Amount): boolean {
  if (recharge === null) return false
  return recharge.trigger === 'below' ? available < recharge.threshold : available <= recharge.threshold
}

/**
 * What the threshold is compared with (ledger.md, Recharge): balance − held of the credit that is in force. Debt makes it negative, so
 * that one charge repays it and lands above; credit that is upcoming, expired or frozen pays for nothing and counts for nothing.
 */
export function rechargeLevel(book: Book, at: Date): Amount {
  const { available, debt } = summarize(book, at)
  return amount(available - debt)
}

/**
 * The charge that brings a wallet which calls for a recharge above its threshold in one go (ledger.md, Recharge), in US cents: what is
 * missing to the target, rounded up to the cent, or the amount as often as it takes.
 */
export function rechargeCents(
  terms: RechargeTerms,
  { mode, size }: RechargeSize,
  level: Amount,
  price: CreditPrice,
): Cents {
  const missing = mode === 'target' ? size - level : size * timesToLand(terms, size, level)
  return centsForCredits(amount(missing), price.rate, price.scale)
}

/** How often an amount is added until the threshold no longer calls for it: at least once. */
function timesToLand({ trigger, threshold }: RechargeTerms, size: Amount, level: Amount): bigint {
  const gap = threshold - level
  const times = trigger === 'below' ? divideUp(gap, size) : gap / size + 1n
  return times > 1n ? times : 1n
}

/** Whether a charge stays within the month's cap (null: none): equal to it passes, above is blocked. */
export function isWithinCap(cap: Cents | null, charged: Cents, charge: Cents): boolean {
  return cap === null || charged + charge <= cap
}

/** The shares of the month's cap that a charge reaches: not reached before, reached with it. */
export function capNotices(cap: Cents | null, charged: Cents, charge: Cents): readonly CapNotice[] {
  if (cap === null) return []
  const reached = CAP_NOTICES.filter(
    (share) => charged * 100n < cap * share && (charged + charge) * 100n >= cap * share,
  )
  return reached.map((share) => (share === 80n ? 80 : share === 90n ? 90 : 100))
}

/** The smallest recharge that settings can lead to: what a purchase may be at the least applies to it too. */
export function smallestRecharge(threshold: Amount, { mode, size }: RechargeSize, price: CreditPrice): Cents {
  const least = mode === 'target' ? size - threshold : size
  return least <= 0n ? cents(0n) : centsForCredits(amount(least), price.rate, price.scale)
}
