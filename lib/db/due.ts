import 'server-only'

import { grantOf } from '@/lib/ledger/book'
import { bookDue } from '@/lib/ledger/due'
import type { Book, EntryDraft, EntryKind, HoldState } from '@/lib/ledger/types'

import { newId } from './ids'
import type { NewEntry } from './journal'

/** A book after all that was due, with the entries that say so, ready to be saved with whatever comes next, and the holds that expired. */
export type DueBook = {
  readonly book: Book
  readonly entries: readonly NewEntry[]
  readonly holds: readonly HoldState[]
}

/**
 * Books what has become due in a locked wallet: open holds past their expiry free their credit, grants past theirs expire, credit that came
 * into force repays debt (api.md: any write to the wallet books what is due first). `holds` are the wallet's open holds that are due; where
 * the wallet was locked by `lockBooks` there are none left. Writes nothing itself.
 */
export function withDueEntries(book: Book, now: Date, holds: readonly HoldState[] = []): DueBook {
  const due = bookDue(book, now, holds)
  return { book: due.book, entries: describeDueEntries(due.book, due.entries, now, 'job:due'), holds: due.holds }
}

/** Entries that follow from other things (expiry, debt repaid, voided credit taken back), described for the journal. */
export function describeDueEntries(
  book: Book,
  drafts: readonly EntryDraft[],
  now: Date,
  actor: string,
): readonly NewEntry[] {
  return drafts.map((draft) => {
    const grantId = draft.allocations[0]?.grantId ?? null
    const purpose = grantId === null ? '' : grantOf(book, grantId).purpose
    return {
      draft,
      details: {
        id: newId(),
        createdAt: now,
        idempotencyKey: `due:${book.wallet.id}:${draft.sequence}`,
        actor,
        description: `${WHAT_HAPPENED[draft.kind] ?? 'Changed'}: ${purpose}`,
        references: { grant: grantId },
      },
    }
  })
}

const WHAT_HAPPENED: Partial<Record<EntryKind, string>> = {
  expiry: 'Expired',
  settlement: 'Debt repaid from',
  reversal: 'Taken back',
}
