import 'server-only'

import type { Actor } from '@/lib/auth/rules/actor'
import { canOnInstallation } from '@/lib/auth/rules/permissions'
import { announceBalance } from '@/lib/db/announce'
import { lockBooks, readBooks, type WalletName } from '@/lib/db/books'
import { withDueEntries } from '@/lib/db/due'
import { accountsWithDueCredit } from '@/lib/db/due-credit'
import { saveBook } from '@/lib/db/journal'
import { inTransaction } from '@/lib/db/pool'
import type { PurserError } from '@/lib/errors'
import { nextDueInstant } from '@/lib/ledger/next-due'
import type { Book } from '@/lib/ledger/types'
import { err, ok, type Result } from '@/lib/result'
import type { DueSource } from '@/lib/schedule/due-contract'

/** What falls due in wallets by itself (`lib/schedule`). */
export const creditSource: DueSource = {
  name: 'credit',
  nextDue: readNextDue,
  work: async (actor: Actor, accountId: string, at: Date): Promise<void> => {
    const booked = await bookDueCredit(actor, accountId, at)
    if (!booked.ok) throw new Error(`due credit of account ${accountId}: ${booked.error.code}`)
  },
  dueAccounts: accountsWithDueCredit,
}

/**
 * Books what is due at an instant in the wallets of an account, also those of Lite members: one `expiry` entry for each grant past its
 * expiry, dated then, and debt that credit repaid when it came into force. Doing it again writes nothing, for nothing due is left. Locks
 * the wallets with something due. Errors: forbidden.
 */
export async function bookDueCredit(actor: Actor, accountId: string, at: Date): Promise<Result<null, PurserError>> {
  if (!canOnInstallation(actor, 'credits:expire')) return err({ code: 'forbidden' })
  const due = (await readBooks(accountId)).filter((book) => isDue(book, at))
  if (due.length === 0) return ok(null)
  await inTransaction(async (tx) => {
    for (const before of await lockBooks(tx, accountId, due.map(nameOf), at)) {
      const { book, entries } = withDueEntries(before, at)
      if (entries.length > 0) await saveBook(tx, before, book, entries)
    }
  })
  announceBalance(accountId)
  return ok(null)
}

async function readNextDue(accountId: string): Promise<Date | null> {
  const instants = (await readBooks(accountId)).flatMap((book) => nextDueInstant(book) ?? [])
  return instants.toSorted((left, right) => left.getTime() - right.getTime())[0] ?? null
}

function isDue(book: Book, at: Date): boolean {
  const next = nextDueInstant(book)
  return next !== null && next <= at
}

function nameOf({ wallet: { assetCode, scale, memberId } }: Book): WalletName {
  return { assetCode, scale, memberId }
}
