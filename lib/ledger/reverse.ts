import { amount, LARGEST_AMOUNT, smallerAmount, ZERO_AMOUNT, type Amount } from '@/lib/money/amount'
import { err, ok, type Result } from '@/lib/result'
import { indexOfGrant, insertGrant, post, type GrantMove } from './book'
import { emptyGrant } from './credit'
import { lapseFreed } from './expire'
import { inTurn, settleDebt, type Postings } from './settle'
import type { Book, EntryDraft, GrantState, NewGrant, OutOfRange } from './types'

/** A debit that is to be taken back, in part or whole. */
export type Reversal = {
  readonly original: Pick<EntryDraft, 'amount' | 'debtChange' | 'allocations'>
  /** Σ earlier reversals of the same entry. */
  readonly alreadyReversed: Amount
  /** Greater than zero; null for all that is left. */
  readonly amount: Amount | null
  /**
   * What is made of the part that was debt and has been repaid since. Its expiry is not to be later than that of the credit which repaid
   * it: no path makes expiring credit permanent (invariant 7).
   */
  readonly remainder: NewGrant
  readonly at: Date
  readonly occurredAt: Date
}

/** The reversal is larger than what of the charge is left. */
export type ExceedsCharge = { readonly code: 'exceeds_charge'; readonly reversible: Amount }

/** The `reversal` entry first in `entries`, then what became of the credit that came back. */
export type ReversalPosting = Postings & {
  readonly entry: EntryDraft
  /** The grant made of the remainder, null when none was needed. */
  readonly grant: GrantState | null
}

/**
 * Takes a debit back in the reverse of its recorded order, never re-sorted: the debt it made was the last part, so it goes first, then the
 * last allocation, and so on, into the very same grants (ledger.md, Journal). A later reversal continues where the earlier ones stopped.
 * What comes back to a grant past its expiry expires at once, to a voided one is taken back, and unscoped credit repays other debt.
 * The book has to hold every grant of the original's allocations (`withGrants`).
 */
export function reverse(book: Book, request: Reversal): Result<ReversalPosting, ExceedsCharge | OutOfRange> {
  const reversible = amount(-request.original.amount - request.alreadyReversed)
  const wanted = request.amount ?? reversible
  if (wanted < 0n) throw new RangeError(`reverse: the amount must be positive: ${wanted}`)
  if (wanted === 0n || wanted > reversible) return err({ code: 'exceeds_charge', reversible })

  const unwound = unwind(request.original, request.alreadyReversed, wanted)
  const repaid = smallerAmount(book.wallet.debt, unwound.debt)
  const remainder = amount(unwound.debt - repaid)
  if (book.wallet.balance + book.wallet.debt + wanted - repaid > LARGEST_AMOUNT) return err({ code: 'out_of_range' })

  const widened = remainder === 0n ? book : insertGrant(book, emptyGrant(book, request.remainder, remainder))
  const fed =
    remainder === 0n ? unwound.returns : [{ grantId: request.remainder.id, amount: remainder }, ...unwound.returns]
  const moves: GrantMove[] = fed.map((part) => ({ index: indexOfGrant(widened, part.grantId), remaining: part.amount }))
  const posting = post(widened, { kind: 'reversal', occurredAt: request.occurredAt, moves, debtChange: -repaid })

  const returnedTo = [...new Set(unwound.returns.map((part) => part.grantId))]
  const postings = inTurn(
    { book: posting.book, entries: [posting.entry] },
    (current) => lapseFreed(current, returnedTo, request.at),
    (current) => settleDebt(current, request.at),
  )
  const grant = remainder === 0n ? null : (postings.book.grants.find(({ id }) => id === request.remainder.id) ?? null)
  return ok({ ...postings, entry: posting.entry, grant })
}

type Unwound = {
  readonly debt: Amount
  readonly returns: readonly { readonly grantId: string; readonly amount: Amount }[]
}

function unwind(original: Reversal['original'], skipped: Amount, wanted: Amount): Unwound {
  const drawn = original.allocations.toSorted((left, right) => right.order - left.order)
  const returns: { grantId: string; amount: Amount }[] = []
  let toSkip: bigint = skipped
  let rest: bigint = wanted
  const take = (part: bigint): Amount => {
    const passed = part < toSkip ? part : toSkip
    const left = part - passed
    const taken = left < rest ? left : rest
    toSkip -= passed
    rest -= taken
    return amount(taken)
  }
  const debt = original.debtChange > 0n ? take(original.debtChange) : ZERO_AMOUNT
  for (const allocation of drawn) {
    const taken = take(-allocation.amount)
    if (taken > 0n) returns.push({ grantId: allocation.grantId, amount: taken })
  }
  return { debt, returns }
}
