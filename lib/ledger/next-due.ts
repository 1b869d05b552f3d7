import { isScoped } from './spending-order'
import type { Book } from './types'

/**
 * The earliest instant at which `bookDue` has something to do in a book, holds aside; it may be past. A grant that is free, neither frozen
 * nor voided, expires; an unscoped one repays debt when it becomes effective. Null: nothing falls due as things stand.
 */
export function nextDueInstant({ wallet, grants }: Book): Date | null {
  const hasDebt = wallet.debt > 0n
  let next: Date | null = null
  for (const grant of grants) {
    if (grant.remaining === grant.held || grant.frozen || grant.voided) continue
    const at = hasDebt && !isScoped(grant.scope) ? grant.effectiveAt : grant.expiresAt
    if (at !== null && (next === null || at < next)) next = at
  }
  return next
}
