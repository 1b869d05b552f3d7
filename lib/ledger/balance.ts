import { amount, type Amount } from '@/lib/money/amount'
import { isEligible, isScoped, isSpendable } from './spending-order'
import type { Book, SpendContext } from './types'

/** The figures of `GET /balance` (api.md). Held, frozen, upcoming and available parts never overlap. */
export type BalanceSummary = {
  readonly balance: Amount
  readonly held: Amount
  /** What some usage could spend now. */
  readonly available: Amount
  /** The part of `available` with no scope. */
  readonly unrestricted: Amount
  readonly upcoming: Amount
  readonly frozen: Amount
  readonly debt: Amount
  /** The next instant at which credit expires, and how much. Held and frozen credit does not expire. */
  readonly nextExpiry: { readonly amount: Amount; readonly at: Date } | null
}

/** How much one usage could draw from the grants of this wallet at the instant of its context. */
export function availableFor(book: Book, context: SpendContext): Amount {
  const free = book.grants.reduce(
    (sum, grant) => (isEligible(grant, context) ? sum + grant.remaining - grant.held : sum),
    0n,
  )
  return amount(free)
}

/**
 * What a wallet has at an instant. Credit past its expiry that is not booked yet counts in `balance` only. One pass over the grants:
 * a batch asks after each of its debits.
 */
export function summarize(book: Book, at: Date): BalanceSummary {
  const { balance, held, debt } = book.wallet
  const sums = { available: 0n, unrestricted: 0n, upcoming: 0n, frozen: 0n, expiring: 0n }
  let next: Date | null = null
  for (const grant of book.grants) {
    const free = grant.remaining - grant.held
    if (free === 0n) continue
    if (grant.frozen) {
      sums.frozen += free
      continue
    }
    if (grant.effectiveAt > at) sums.upcoming += free
    else if (isSpendable(grant, at)) {
      sums.available += free
      if (!isScoped(grant.scope)) sums.unrestricted += free
    }
    if (grant.expiresAt === null || grant.expiresAt <= at || (next !== null && grant.expiresAt > next)) continue
    const isSame = next?.getTime() === grant.expiresAt.getTime()
    sums.expiring = isSame ? sums.expiring + free : free
    next = grant.expiresAt
  }
  return {
    balance,
    held,
    available: amount(sums.available),
    unrestricted: amount(sums.unrestricted),
    upcoming: amount(sums.upcoming),
    frozen: amount(sums.frozen),
    debt,
    nextExpiry: next === null ? null : { amount: amount(sums.expiring), at: next },
  }
}
