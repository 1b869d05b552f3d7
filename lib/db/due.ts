import 'server-only'

import { grantOf } from '@/lib/ledger/book'
import { bookDue } from '@/lib/ledger/due'
import type { Book, EntryDraft } from '@/lib/ledger/types'

import { newId } from './ids'
import type { NewEntry } from './journal'

/** A book after all that was due, with the entries that say so, ready to be saved with whatever comes next. */
export type DueBook = { readonly book: Book; readonly entries: readonly NewEntry[] }

/**
 * Books what has become due in a locked wallet: grants past their expiry, credit that came into force while there is debt
 * (api.md: any write to the wallet books what is due first). Writes nothing itself.
 */
export function withDueEntries(book: Book, now: Date): DueBook {
  const due = bookDue(book, now)
  return { book: due.book, entries: due.entries.map((draft) => dueEntry(due.book, draft, now)) }
}

function dueEntry(book: Book, draft: EntryDraft, now: Date): NewEntry {
  const grantId = draft.allocations[0]?.grantId ?? null
  const purpose = grantId === null ? '' : grantOf(book, grantId).purpose
  return {
    draft,
    details: {
      id: newId(),
      createdAt: now,
      idempotencyKey: `due:${book.wallet.id}:${draft.sequence}`,
      actor: 'job:due',
      description: draft.kind === 'expiry' ? `Expired: ${purpose}` : `Debt repaid from ${purpose}`,
      references: { grant: grantId },
    },
  }
}
