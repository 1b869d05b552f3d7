import 'server-only'

import type { WalletName } from './books'
import { enqueueJob } from './jobs'
import { query, type Tx } from './pool'

const INDEBTED = `SELECT asset_code, scale FROM wallet WHERE account_id = $1 AND member_id = $2 AND debt > 0 ORDER BY asset_code`
const PRO_MEMBERS = `SELECT DISTINCT m.id FROM wallet w JOIN account_member m ON m.account_id = w.account_id AND m.id = w.member_id
  WHERE w.account_id = $1 AND w.member_id IS NOT NULL AND w.debt > 0 AND m.seat = 'pro' ORDER BY m.id`

/** The wallets of a member's own that owe something, as things stand, without locks. */
export async function readIndebtedWallets(tx: Tx, accountId: string, memberId: string): Promise<readonly WalletName[]> {
  return (await tx.query(INDEBTED, [accountId, memberId])).map((row) => ({
    assetCode: row['asset_code'] as string,
    scale: row['scale'] as number,
    memberId,
  }))
}

/** The Pro members of an account of whose own wallets one owes something. */
export async function listIndebtedProMembers(accountId: string): Promise<readonly string[]> {
  return (await query(PRO_MEMBERS, [accountId])).map((row) => row['id'] as string)
}

/** A debit left debt in a wallet of a member's own: whether it is the pool's to pay is looked at once this transaction has committed. */
export async function enqueueMemberDebt(tx: Tx, accountId: string): Promise<void> {
  await enqueueJob(tx, { task: 'move_member_debt', payload: { accountId }, key: `member_debt:${accountId}` })
}
