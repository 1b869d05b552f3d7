import 'server-only'

import { showId } from '@/lib/db/ids'
import { formatAmount } from '@/lib/money/amount'
import { formatQuantity } from '@/lib/money/quantity'

import type { UsageAnswer } from './contract'
import type { UsageOutcome } from './desk/request'

/** What became of a usage event as it is answered: the figures of the first time, also for a duplicate. */
export function toUsageAnswer(outcome: UsageOutcome): UsageAnswer {
  const { scale } = outcome
  return {
    id: outcome.id,
    outcome: outcome.isDuplicate ? 'duplicate' : outcome.outcome,
    asset: outcome.assetCode,
    amount: formatAmount(outcome.amount, scale),
    covered_by_allowance: formatQuantity(outcome.covered),
    entry: outcome.entryId === null ? null : showId('ent', outcome.entryId),
    balance: formatAmount(outcome.balanceAfter, scale),
    available: formatAmount(outcome.available, scale),
  }
}
