import { err, ok, type Result } from '@/lib/result'
import { grantOf, replaceGrant } from './book'
import { lapseFreed } from './expire'
import type { Postings } from './settle'
import type { Book } from './types'

/** A dispute has frozen the grant: nothing may be done to it until it is decided. */
export type GrantFrozen = { readonly code: 'grant_frozen' }

/**
 * Voids a grant: what is free is taken back at once by a `reversal`, a held part when its hold releases it (api.md, `POST /grants/{id}/void`).
 * What was spent stays spent. Voiding twice writes nothing more. The caller has booked what is due.
 */
export function voidGrant(book: Book, grantId: string, at: Date): Result<Postings, GrantFrozen> {
  const grant = grantOf(book, grantId)
  if (grant.voided) return ok({ book, entries: [] })
  if (grant.frozen) return err({ code: 'grant_frozen' })
  return ok(lapseFreed(replaceGrant(book, { ...grant, voided: true }), [grantId], at))
}
