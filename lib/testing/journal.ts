import { readBooks } from '../db/books'
import { query } from '../db/pool'
import { findBreaches } from '../ledger/invariants'
import { amount, formatAmount } from '../money/amount'

/** The journal of an account as a person would read it: `kind amount asset, description`, oldest first of each wallet. */
export async function readJournal(accountId: string): Promise<readonly string[]> {
  const rows = await query(
    `SELECT e.kind, e.amount, e.description, w.asset_code, w.scale FROM entry e
     JOIN wallet w ON w.account_id = e.account_id AND w.id = e.wallet_id WHERE e.account_id = $1
     ORDER BY w.member_id NULLS FIRST, w.asset_code, e.sequence`,
    [accountId],
  )
  return rows.map((row) => {
    const size = formatAmount(amount(row['amount'] as bigint), row['scale'] as number)
    return `${row['kind'] as string} ${size} ${row['asset_code'] as string}, ${row['description'] as string}`
  })
}

/** The lots of an account that have something left, as a person would read them, in spending order of each wallet. */
export async function readLots(accountId: string): Promise<readonly string[]> {
  return (await readBooks(accountId)).flatMap(({ wallet, grants }) =>
    grants.map(({ source, remaining, effectiveAt, expiresAt }) => {
      const end = expiresAt === null ? 'for ever' : expiresAt.toISOString().slice(0, 16)
      const size = formatAmount(remaining, wallet.scale)
      return `${source} ${size} ${wallet.assetCode}, ${effectiveAt.toISOString().slice(0, 16)} → ${end}`
    }),
  )
}

/** What is wrong with an account's wallets, by the invariants of the ledger; nothing, if all is well. */
export async function readBreaches(accountId: string, now: Date): Promise<readonly unknown[]> {
  return (await readBooks(accountId)).flatMap((book) => findBreaches(book, now))
}
