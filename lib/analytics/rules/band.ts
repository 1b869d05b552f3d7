import type { BalanceSummary } from '@/lib/ledger/balance'

/** How worried a reader should be about a balance. */
export type Band = 'ok' | 'low' | 'zero' | 'negative'

/** Below this many days of runway a balance is low (ux.md, section 3). */
const LOW_RUNWAY_DAYS = 3

/**
 * The band of a balance: `negative` while anything is owed, `zero` when nothing can be spent, `low` under three days of runway or at or
 * below the alert threshold (null = none set).
 */
export function bandOf(
  balance: Pick<BalanceSummary, 'balance' | 'available' | 'debt'>,
  runwayDays: number | null,
  threshold: bigint | null,
): Band {
  if (balance.debt > 0n || balance.balance < 0n) return 'negative'
  if (balance.available <= 0n) return 'zero'
  const isShort = runwayDays !== null && runwayDays < LOW_RUNWAY_DAYS
  return isShort || (threshold !== null && balance.available <= threshold) ? 'low' : 'ok'
}
