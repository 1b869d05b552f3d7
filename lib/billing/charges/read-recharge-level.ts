import 'server-only'

import { readDueHolds } from '@/lib/db/holds'
import type { Tx } from '@/lib/db/pool'
import { bookDue } from '@/lib/ledger/due'
import type { Book } from '@/lib/ledger/types'
import type { Amount } from '@/lib/money/amount'

import { rechargeLevel } from '../rules/recharge'

/** What a locked wallet's threshold is compared with, also when holds have expired that no sweep has released yet. */
export async function readRechargeLevel(tx: Tx, book: Book, now: Date): Promise<Amount> {
  const { accountId, id, held } = book.wallet
  const holds = held === 0n ? [] : await readDueHolds(tx, [{ accountId, id, at: now }])
  return rechargeLevel(
    bookDue(
      book,
      now,
      holds.map(({ state }) => state),
    ).book,
    now,
  )
}
