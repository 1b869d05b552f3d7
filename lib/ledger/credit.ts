import { amount, LARGEST_AMOUNT, smallerAmount, ZERO_AMOUNT, type Amount } from '@/lib/money/amount'
import { cents } from '@/lib/money/cents'
import { divideUp } from '@/lib/money/rounding'
import { err, ok, type Result } from '@/lib/result'
import { insertGrant, indexOfGrant, post, type Posting } from './book'
import type { Book, EntryKind, GrantState, NewGrant, OutOfRange } from './types'

/** The kinds of entry that bring credit. */
export type CreditKind = Extract<EntryKind, 'purchase' | 'recharge' | 'settlement' | 'grant' | 'coupon' | 'adjustment'>

/** Credit that arrives. */
export type Credit = {
  readonly kind: CreditKind
  /** Greater than zero. */
  readonly amount: Amount
  readonly grant: NewGrant
  /** The instant of the decision. */
  readonly at: Date
  readonly occurredAt: Date
}

/** The entry, the grant that was made (null when debt took it all), and how much debt was repaid. */
export type CreditPosting = Posting & {
  readonly grant: GrantState | null
  readonly repaid: Amount
}

/**
 * Books credit that arrives: debt is repaid first, the rest becomes a grant whose amount is that rest (ledger.md, "At zero").
 * Credit that is not yet effective cannot repay anything: it becomes a grant whole, and `bookDue` lets it repay debt at the instant it
 * becomes effective. What it cost is kept pro rata, rounded up, so paid credit is never taken for free.
 * Refuses what would put more credit in a wallet than `LARGEST_AMOUNT`.
 */
export function credit(book: Book, request: Credit): Result<CreditPosting, OutOfRange> {
  if (request.amount <= 0n) throw new RangeError(`credit: the amount must be positive: ${request.amount}`)
  if (book.wallet.balance + book.wallet.debt + request.amount > LARGEST_AMOUNT) return err({ code: 'out_of_range' })
  const repaid = request.grant.effectiveAt <= request.at ? smallerAmount(book.wallet.debt, request.amount) : ZERO_AMOUNT
  const rest = amount(request.amount - repaid)
  const entry = { kind: request.kind, occurredAt: request.occurredAt, debtChange: -repaid }
  if (rest === 0n) return ok({ ...post(book, { ...entry, moves: [] }), grant: null, repaid })

  const costBasisCents = cents(divideUp(request.grant.costBasisCents * rest, request.amount))
  const widened = insertGrant(book, emptyGrant(book, { ...request.grant, costBasisCents }, rest))
  const index = indexOfGrant(widened, request.grant.id)
  const posting = post(widened, { ...entry, moves: [{ index, remaining: rest }] })
  return ok({ ...posting, grant: posting.book.grants[index] ?? null, repaid })
}

/** A grant of the next entry, before that entry feeds it. */
export function emptyGrant(book: Book, grant: NewGrant, size: Amount): GrantState {
  return {
    ...grant,
    sequence: book.wallet.lastSequence + 1n,
    memberId: book.wallet.memberId,
    amount: size,
    remaining: ZERO_AMOUNT,
    held: ZERO_AMOUNT,
    frozen: false,
    voided: false,
  }
}
