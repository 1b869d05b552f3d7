import { amount, smallerAmount } from '@/lib/money/amount'
import { grantAt, post, type GrantMove } from './book'
import { isScoped, isSpendable } from './spending-order'
import type { Book, EntryDraft } from './types'

/** A book after an operation that may write no entry, one or several. */
export type Postings = {
  readonly book: Book
  readonly entries: readonly EntryDraft[]
}

/**
 * Lets unscoped credit that came free (released, unfrozen, returned, newly effective) repay debt, in spending order, by one `settlement`
 * entry of amount 0: the grants lose what the debt loses. Keeps invariant 5, debt only while no unscoped grant has anything to spend.
 * Scoped credit stays: debt does not know what it was for. Writes nothing when there is nothing to repay or nothing to repay it with.
 */
export function settleDebt(book: Book, at: Date): Postings {
  let rest = book.wallet.debt
  const moves: GrantMove[] = []
  for (let index = 0; rest > 0n && index < book.grants.length; index += 1) {
    const grant = grantAt(book.grants, index)
    if (grant.remaining === grant.held || isScoped(grant.scope) || !isSpendable(grant, at)) continue
    const drawn = smallerAmount(amount(grant.remaining - grant.held), rest)
    moves.push({ index, remaining: -drawn })
    rest = amount(rest - drawn)
  }
  if (moves.length === 0) return { book, entries: [] }
  const debtChange = rest - book.wallet.debt
  const posting = post(book, { kind: 'settlement', occurredAt: at, moves, debtChange })
  return { book: posting.book, entries: [posting.entry] }
}

/** Runs one step after another on a book and gathers the entries in the order in which they were written. */
export function inTurn(start: Postings, ...steps: readonly ((book: Book) => Postings)[]): Postings {
  return steps.reduce<Postings>((done, step) => {
    const next = step(done.book)
    return next.entries.length === 0
      ? { ...done, book: next.book }
      : { book: next.book, entries: [...done.entries, ...next.entries] }
  }, start)
}
