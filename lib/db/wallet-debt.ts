import 'server-only'

import { amount, ZERO_AMOUNT, type Amount } from '@/lib/money/amount'

import type { Tx } from './pool'

const DEBT = 'SELECT debt FROM wallet WHERE account_id = $1 AND id = $2'

/** What a wallet owes as things stand, without a lock: to watch it, not to decide a debit. Zero when there is no such wallet. */
export async function readWalletDebt(tx: Tx, accountId: string, walletId: string): Promise<Amount> {
  const [row] = await tx.query(DEBT, [accountId, walletId])
  return row === undefined ? ZERO_AMOUNT : amount(row['debt'] as bigint)
}
