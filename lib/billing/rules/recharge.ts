import { summarize } from '@/lib/ledger/balance'
import type { Book } from '@/lib/ledger/types'
import { amount, type Amount } from '@/lib/money/amount'

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
