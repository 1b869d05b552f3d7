import { ZERO_AMOUNT, type Amount } from '@/lib/money/amount'
import type { CountingPeriod } from './period'

/** Whose spending a limit counts. */
export type LimitScope = 'organization' | 'member' | 'key' | 'resource'

/** What a spend limit says. */
export type LimitTerms = {
  /** The operator's own name for it. */
  readonly id: string
  readonly scope: LimitScope
  /** The member, key or resource whose spending is counted; null counts each one's own. Always null for the organization. */
  readonly subject: string | null
  readonly asset: string
  readonly amount: Amount
  readonly period: CountingPeriod
  readonly mode: 'alert' | 'block'
}

/** A spend limit together with what was spent under it, and reserved by open holds, in a period. */
export type Limit = LimitTerms & { readonly used: Amount }

/** Who and what is about to spend. */
export type Spender = {
  readonly asset: string
  readonly member: string | null
  readonly key: string | null
  readonly resource: string | null
}

/** What the limits say about an amount. */
export type LimitDecision = {
  readonly isAllowed: boolean
  /** The blocking limit with the least left, whether it denies or not; null when nothing blocks. */
  readonly tightest: Limit | null
  /** The alerts that this spending crosses: not over before, over with it. Empty when it is denied. */
  readonly alerts: readonly Limit[]
}

/** Whether a limit counts the spending of this spender in this asset. */
export function limitApplies(limit: LimitTerms, spender: Spender): boolean {
  if (limit.asset !== spender.asset) return false
  if (limit.scope === 'organization') return true
  const subject = spender[limit.scope]
  return subject !== null && (limit.subject === null || limit.subject === subject)
}

/**
 * Decides whether an amount may be spent under limits that apply to it. One operator for every scope, period and mode: over
 * when used + requested > limit (ledger.md, Authorize). Spending exactly up to a limit passes.
 */
export function decideLimits(limits: readonly Limit[], requested: Amount): LimitDecision {
  const [tightest = null] = limits.filter((limit) => limit.mode === 'block').sort(byTightness)
  if (tightest !== null && isOver(tightest, requested)) return { isAllowed: false, tightest, alerts: [] }
  const alerts = limits.filter(
    (limit) => limit.mode === 'alert' && isOver(limit, requested) && !isOver(limit, ZERO_AMOUNT),
  )
  return { isAllowed: true, tightest, alerts }
}

function isOver(limit: Limit, requested: Amount): boolean {
  return limit.used + requested > limit.amount
}

/** Least left first. Among equals the order of ids, so that the same limit is named every time. */
function byTightness(left: Limit, right: Limit): number {
  const difference = left.amount - left.used - (right.amount - right.used)
  if (difference !== 0n) return difference < 0n ? -1 : 1
  return left.id < right.id ? -1 : 1
}
