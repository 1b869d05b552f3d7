import { amount, LARGEST_AMOUNT, ZERO_AMOUNT, type Amount } from '@/lib/money/amount'
import { err, ok, type Result } from '@/lib/result'
import { grantAt, post, type GrantMove, type Posting } from './book'
import { isEligible } from './spending-order'
import type { Book, InsufficientCredits, OutOfRange, Shortfall, SpendContext } from './types'

/** A debit that is to be decided. */
export type Spend = {
  /** Greater than zero: a zero amount writes no entry (api.md), which is for the caller to know. */
  readonly amount: Amount
  readonly kind: 'usage' | 'adjustment'
  /** `context.at` is the instant of the decision: it chooses the grants. */
  readonly context: SpendContext
  /** When it happened, which may be earlier. */
  readonly occurredAt: Date
  readonly shortfall: Shortfall
}

/** What a usage could draw: from which grants, in spending order, and how much in all. */
export type Draw = {
  readonly moves: readonly GrantMove[]
  readonly covered: Amount
}

/**
 * Decides a debit and writes its entry: eligible grants pay in spending order, the rest is refused or becomes debt as `shortfall` says
 * (ledger.md, "Which grant pays first" and "At zero"). The caller holds the wallet's lock and has booked what is due.
 */
export function spend(book: Book, request: Spend): Result<Posting, InsufficientCredits | OutOfRange> {
  if (request.amount <= 0n) throw new RangeError(`spend: the amount must be positive: ${request.amount}`)
  const { moves, covered } = planDraw(book, request.context, request.amount)
  const uncovered = amount(request.amount - covered)
  const refusal = refuseUncovered(book, request.amount, uncovered, request.shortfall)
  if (refusal !== null) return err(refusal)
  return ok(post(book, { kind: request.kind, occurredAt: request.occurredAt, moves, debtChange: uncovered }))
}

/** Walks the spending order until the wanted amount is covered or the grants end. Changes nothing. */
export function planDraw(book: Book, context: SpendContext, wanted: Amount): Draw {
  const moves: GrantMove[] = []
  let rest: bigint = wanted
  for (let index = 0; rest > 0n && index < book.grants.length; index += 1) {
    const grant = grantAt(book.grants, index)
    if (!isEligible(grant, context)) continue
    const free = grant.remaining - grant.held
    const drawn = free < rest ? free : rest
    moves.push({ index, remaining: -drawn })
    rest -= drawn
  }
  return { moves, covered: amount(wanted - rest) }
}

/** Why a part that no grant covers cannot be spent, or null when it can. */
export function refuseUncovered(
  book: Book,
  required: Amount,
  uncovered: Amount,
  shortfall: Shortfall,
): InsufficientCredits | OutOfRange | null {
  if (uncovered === 0n) return null
  const headroom = headroomOf(book, shortfall)
  if (headroom !== null && uncovered > headroom) {
    return { code: 'insufficient_credits', required, available: amount(required - uncovered + headroom) }
  }
  return book.wallet.debt + uncovered > LARGEST_AMOUNT ? { code: 'out_of_range' } : null
}

/** How much debt may still arise; null when any. */
function headroomOf(book: Book, shortfall: Shortfall): Amount | null {
  if (shortfall === 'debt') return null
  if (shortfall === 'refuse' || shortfall.overdraftLimit <= book.wallet.debt) return ZERO_AMOUNT
  return amount(shortfall.overdraftLimit - book.wallet.debt)
}
