import type { Shortfall } from '@/lib/ledger/types'
import { amount, parseAmount, ZERO_AMOUNT, type Amount } from '@/lib/money/amount'
import type { Policy } from '@/lib/organizations/rules/effective-policy'

/**
 * What happens to usage that no grant covers, by the account's policy (ledger.md, "At zero"). Only the pool may be overdrawn, and what open
 * holds were allowed beyond their grants (`unpinned`) is taken off the limit first.
 */
export function shortfallOf(
  policy: Policy,
  { isPool, scale, unpinned }: { readonly isPool: boolean; readonly scale: number; readonly unpinned: Amount },
): Exclude<Shortfall, 'debt'> {
  if (!isPool || policy.at_zero !== 'overdraft') return 'refuse'
  const limit = overdraftLimit(policy.overdraft_limit, scale)
  return { overdraftLimit: unpinned < limit ? amount(limit - unpinned) : ZERO_AMOUNT }
}

/** The limit in an asset of fewer decimals than it was written with: what is smaller than its smallest unit is cut. */
function overdraftLimit(text: string, scale: number): Amount {
  const [whole = '0', decimals = ''] = text.split('.')
  const parsed = parseAmount(scale === 0 ? whole : `${whole}.${`${decimals}0`.slice(0, scale)}`, scale)
  if (!parsed.ok) throw new Error(`the overdraft limit of a policy cannot be read: ${text}`)
  return parsed.value
}
