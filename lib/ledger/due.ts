import { expireDue, isPastExpiry } from './expire'
import { isHoldDue } from './hold'
import { expireHold } from './release'
import { inTurn, settleDebt, type Postings } from './settle'
import { isScoped } from './spending-order'
import type { Book, HoldState } from './types'

/** A book after all that was due, and the holds that expired on the way. */
export type DuePostings = Postings & { readonly holds: readonly HoldState[] }

/**
 * Books everything that has become due at `now`, in the order of the instants: open holds past their expiry free their credit, grants past
 * theirs expire, unscoped credit that became effective repays debt. Every write to a wallet does this first (api.md), and a read may do it on
 * its own picture to know what is available. Returns the same book when nothing is due. `holds` are the wallet's open holds that are due.
 */
export function bookDue(book: Book, now: Date, holds: readonly HoldState[] = []): DuePostings {
  const due = holds.filter((hold) => isHoldDue(hold, now))
  const dueAt = byExpiry(due)
  const expired: HoldState[] = []
  let done: Postings = { book, entries: [] }
  for (const instant of instantsDue(book, now, due)) {
    const releases = (dueAt.get(instant) ?? []).map((hold) => (current: Book) => {
      const closed = expireHold(current, hold)
      expired.push(closed.hold)
      return closed
    })
    const at = new Date(instant)
    done = inTurn(
      done,
      ...releases,
      (current) => expireDue(current, at),
      (current) => settleDebt(current, at),
    )
  }
  return { ...done, holds: expired }
}

function byExpiry(holds: readonly HoldState[]): ReadonlyMap<number, readonly HoldState[]> {
  const groups = new Map<number, HoldState[]>()
  for (const hold of holds) {
    const instant = hold.expiresAt.getTime()
    const group = groups.get(instant)
    if (group === undefined) groups.set(instant, [hold])
    else group.push(hold)
  }
  return groups
}

/** Grants pinned by a due hold count too: what it frees may expire, and repay debt, at an instant of their own. */
function instantsDue(book: Book, now: Date, holds: readonly HoldState[]): readonly number[] {
  const freed = new Set(holds.flatMap((hold) => hold.parts.map((part) => part.grantId)))
  const instants = new Set(holds.map((hold) => hold.expiresAt.getTime()))
  for (const grant of book.grants) {
    const isFree = grant.remaining > grant.held || freed.has(grant.id)
    if (!isFree) continue
    if (grant.expiresAt !== null && isPastExpiry(grant, now)) instants.add(grant.expiresAt.getTime())
    if (book.wallet.debt > 0n && !isScoped(grant.scope) && grant.effectiveAt <= now) {
      instants.add(grant.effectiveAt.getTime())
    }
  }
  return [...instants].sort((left, right) => left - right)
}
