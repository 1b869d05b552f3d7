import { grantOf, replaceGrant } from './book'
import { lapseFreed } from './expire'
import { inTurn, settleDebt, type Postings } from './settle'
import type { Book } from './types'

/**
 * Freezes a grant while its payment is disputed: not spendable, not destroyed, and so not expired either. What a hold had pinned before
 * may still be captured. Writes no entry; freezing twice changes nothing.
 */
export function freezeGrant(book: Book, grantId: string): Book {
  const grant = grantOf(book, grantId)
  return grant.frozen ? book : replaceGrant(book, { ...grant, frozen: true })
}

/**
 * Unfreezes a grant in place, its expiry unchanged: one that is past it, or was voided, loses what is free at once, dated now; unscoped
 * credit repays debt first.
 */
export function unfreezeGrant(book: Book, grantId: string, at: Date): Postings {
  const grant = grantOf(book, grantId)
  if (!grant.frozen) return { book, entries: [] }
  return inTurn(
    { book: replaceGrant(book, { ...grant, frozen: false }), entries: [] },
    (current) => lapseFreed(current, [grantId], at),
    (current) => settleDebt(current, at),
  )
}
