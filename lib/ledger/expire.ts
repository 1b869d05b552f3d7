import { freeOf, grantAt, grantOf, indexOfGrant, post } from './book'
import type { Postings } from './settle'
import { compareSequence } from './spending-order'
import type { Book, EntryDraft, GrantState } from './types'

/**
 * Books the expiry of every grant that is due at `now`: one `expiry` entry each, dated at the grant's own expiry instant, in the order of
 * those instants and then of sequence, for what is free of that very grant. What a hold has pinned stays until it is released, what is
 * frozen until it is unfrozen. Running it again writes nothing, for nothing free is left.
 */
export function expireDue(book: Book, now: Date): Postings {
  const due = book.grants
    .filter((grant) => !grant.voided && canLapse(grant) && isPastExpiry(grant, now))
    .sort((left, right) => expiryOf(left) - expiryOf(right) || compareSequence(left.sequence, right.sequence))
  const entries: EntryDraft[] = []
  let current = book
  for (const grant of due) {
    const posting = takeFree(current, grant.id, 'expiry', new Date(expiryOf(grant)))
    current = posting.book
    entries.push(posting.entry)
  }
  return { book: current, entries }
}

/**
 * Takes away credit that came free in a grant which may no longer have any: a voided grant loses it by a `reversal`, one past its expiry by
 * an `expiry` entry, both dated at the instant at which it came free (until then it did not expire). A frozen grant keeps it.
 */
export function lapseFreed(book: Book, grantIds: readonly string[], at: Date): Postings {
  const entries: EntryDraft[] = []
  let current = book
  for (const grantId of grantIds) {
    const grant = grantOf(current, grantId)
    if (!canLapse(grant) || !(grant.voided || isPastExpiry(grant, at))) continue
    const posting = takeFree(current, grantId, grant.voided ? 'reversal' : 'expiry', at)
    current = posting.book
    entries.push(posting.entry)
  }
  return { book: current, entries }
}

/** Whether a grant is at or past its expiry instant. */
export function isPastExpiry(grant: GrantState, at: Date): boolean {
  return grant.expiresAt !== null && grant.expiresAt <= at
}

function takeFree(book: Book, grantId: string, kind: 'expiry' | 'reversal', occurredAt: Date) {
  const index = indexOfGrant(book, grantId)
  const free = freeOf(grantAt(book.grants, index))
  return post(book, { kind, occurredAt, moves: [{ index, remaining: -free }], debtChange: 0n })
}

function canLapse(grant: GrantState): boolean {
  return grant.remaining > grant.held && !grant.frozen
}

function expiryOf(grant: GrantState): number {
  if (grant.expiresAt === null) throw new Error(`grant ${grant.id} never expires`)
  return grant.expiresAt.getTime()
}
