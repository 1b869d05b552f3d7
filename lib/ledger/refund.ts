import { amount, LARGEST_AMOUNT, smallerAmount, ZERO_AMOUNT, type Amount } from '@/lib/money/amount'
import { err, ok, type Result } from '@/lib/result'
import { freeOf, grantAt, indexOfGrant, post } from './book'
import { inTurn, settleDebt, type Postings } from './settle'
import type { Book, EntryDraft, OutOfRange } from './types'
import type { GrantFrozen } from './void'

/** Credit that goes back because its money did. Always a delta: what earlier refunds or disputes took is already off (ledger.md, "Refund and dispute"). */
export type TakeBack = {
  readonly kind: 'refund' | 'dispute'
  /** The grant that the payment bought; null when all of it had repaid debt. */
  readonly grantId: string | null
  /** Greater than zero. */
  readonly amount: Amount
  /** What of the grant expired or was voided and no earlier refund counted: the customer lost it without spending it, so it is no debt. */
  readonly lapsed: Amount
  /** `refuse` for a refund that somebody here asks for, `debt` for what Stripe reports as done. */
  readonly shortfall: 'refuse' | 'debt'
  readonly at: Date
  readonly occurredAt: Date
}

/** More than the unspent part of the grant was asked for. What a hold has pinned is not unspent. */
export type ExceedsUnspent = { readonly code: 'exceeds_unspent'; readonly refundable: Amount }

/** `entry` is null when everything asked for had lapsed before. */
export type TakeBackPosting = Postings & {
  readonly entry: EntryDraft | null
  readonly taken: Amount
  readonly becameDebt: Amount
}

/**
 * Takes back the unspent part of the grant that a payment bought. When somebody here asks for it, never more than that and never from a
 * frozen grant. When Stripe says it is done, the lapsed part counts first for what is missing, and the rest, which was spent, becomes debt
 * that other unscoped credit repays at once.
 */
export function takeBack(
  book: Book,
  request: TakeBack,
): Result<TakeBackPosting, ExceedsUnspent | GrantFrozen | OutOfRange> {
  if (request.amount <= 0n) throw new RangeError(`takeBack: the amount must be positive: ${request.amount}`)
  const index = request.grantId === null ? null : indexOfGrant(book, request.grantId)
  const grant = index === null ? null : grantAt(book.grants, index)
  const free = grant === null ? ZERO_AMOUNT : freeOf(grant)
  if (request.shortfall === 'refuse') {
    if (grant?.frozen === true) return err({ code: 'grant_frozen' })
    if (request.amount > free) return err({ code: 'exceeds_unspent', refundable: free })
  }
  const taken = smallerAmount(free, request.amount)
  const missing = amount(request.amount - taken)
  const becameDebt = amount(missing - smallerAmount(request.lapsed, missing))
  if (book.wallet.debt + becameDebt > LARGEST_AMOUNT) return err({ code: 'out_of_range' })
  if (taken + becameDebt === 0n) return ok({ book, entries: [], entry: null, taken, becameDebt })

  const posting = post(book, {
    kind: request.kind,
    occurredAt: request.occurredAt,
    moves: index === null || taken === 0n ? [] : [{ index, remaining: -taken }],
    debtChange: becameDebt,
  })
  const postings = inTurn({ book: posting.book, entries: [posting.entry] }, (current) =>
    settleDebt(current, request.at),
  )
  return ok({ ...postings, entry: posting.entry, taken, becameDebt })
}
