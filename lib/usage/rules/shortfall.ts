import { cutoverOf } from '@/lib/billing/rules/postpaid'
import type { Shortfall } from '@/lib/ledger/types'
import { amount, LARGEST_AMOUNT, parseAmount, ZERO_AMOUNT, type Amount } from '@/lib/money/amount'
import type { Policy } from '@/lib/organizations/rules/effective-policy'

/** What is known of usage that no grant may cover. */
export type Uncovered = {
  /** Whether the pool pays: a Lite member's wallet is never overdrawn. */
  readonly isPool: boolean
  readonly scale: number
  /** What open holds were allowed beyond their grants. */
  readonly unpinned: Amount
  readonly occurredAt: Date
}

/**
 * What happens to usage that no grant covers, by the account's policy (ledger.md, "At zero"): until the cutover of a postpaid account it
 * accrues as debt that is invoiced; an overdraft allows so much, less what open holds were allowed already; else it is refused.
 */
export function shortfallOf(
  policy: Policy,
  { isPool, scale, unpinned, occurredAt }: Uncovered,
): Exclude<Shortfall, 'debt'> {
  if (!isPool) return 'refuse'
  if (isPostpaid(policy, occurredAt)) return { overdraftLimit: LARGEST_AMOUNT }
  if (policy.at_zero !== 'overdraft') return 'refuse'
  const limit = overdraftLimit(policy.overdraft_limit, scale)
  return { overdraftLimit: unpinned < limit ? amount(limit - unpinned) : ZERO_AMOUNT }
}

/** Whether new work may begin while the pool owes for earlier work: on an invoice to come, or within an overdraft. */
export function mayOwe(policy: Policy, at: Date): boolean {
  return policy.at_zero === 'overdraft' || isPostpaid(policy, at)
}

/** Whether debt that arises now is charged to the card by itself: by policy, or as late usage of an account that was postpaid. */
export function isOwedByCard(policy: Policy, at: Date): boolean {
  const cutover = cutoverOf(policy.billing_mode)
  return policy.at_zero === 'charge_card' || (cutover !== null && at >= cutover)
}

function isPostpaid({ billing_mode }: Policy, at: Date): boolean {
  const cutover = cutoverOf(billing_mode)
  return cutover !== null && at < cutover
}

/** The limit in an asset of fewer decimals than it was written with: what is smaller than its smallest unit is cut. */
function overdraftLimit(text: string, scale: number): Amount {
  const [whole = '0', decimals = ''] = text.split('.')
  const parsed = parseAmount(scale === 0 ? whole : `${whole}.${`${decimals}0`.slice(0, scale)}`, scale)
  if (!parsed.ok) throw new Error(`the overdraft limit of a policy cannot be read: ${text}`)
  return parsed.value
}
