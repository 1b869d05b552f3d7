import { amount, type Amount } from '@/lib/money/amount'
import { isEligible, isScoped, isSpendable } from './spending-order'
import type { Book, GrantState, SpendContext } from './types'

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
  return sumFree(book.grants.filter((grant) => isEligible(grant, context)))
}

/** What a wallet has at an instant. Credit past its expiry that is not booked yet counts in `balance` only. */
export function summarize(book: Book, at: Date): BalanceSummary {
  const { balance, held, debt } = book.wallet
  const open = book.grants.filter((grant) => grant.remaining > grant.held && !grant.voided)
  const spendable = open.filter((grant) => isSpendable(grant, at))
  return {
    balance,
    held,
    available: sumFree(spendable),
    unrestricted: sumFree(spendable.filter((grant) => !isScoped(grant.scope))),
    upcoming: sumFree(open.filter((grant) => !grant.frozen && grant.effectiveAt > at)),
    frozen: sumFree(open.filter((grant) => grant.frozen)),
    debt,
    nextExpiry: nextExpiryOf(
      open.filter((grant) => !grant.frozen),
      at,
    ),
  }
}

function nextExpiryOf(grants: readonly GrantState[], at: Date): BalanceSummary['nextExpiry'] {
  const instants = grants.flatMap(({ expiresAt }) =>
    expiresAt !== null && expiresAt > at ? [expiresAt.getTime()] : [],
  )
  if (instants.length === 0) return null
  const next = instants.reduce((left, right) => Math.min(left, right))
  return { amount: sumFree(grants.filter((grant) => grant.expiresAt?.getTime() === next)), at: new Date(next) }
}

function sumFree(grants: readonly GrantState[]): Amount {
  return amount(grants.reduce((sum, grant) => sum + grant.remaining - grant.held, 0n))
}
