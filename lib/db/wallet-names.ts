import 'server-only'

import type { WalletName } from './books'
import type { Tx } from './pool'

const NAMES = `SELECT asset_code, scale FROM wallet WHERE account_id = $1 AND member_id IS NOT DISTINCT FROM $2 ORDER BY asset_code`

/** The names of the pool's wallets of an account (null), or of those of one of its members. Inside a transaction, without locks. */
export async function readWalletNames(
  tx: Tx,
  accountId: string,
  memberId: string | null,
): Promise<readonly WalletName[]> {
  return (await tx.query(NAMES, [accountId, memberId])).map((row) => ({
    assetCode: row['asset_code'] as string,
    scale: row['scale'] as number,
    memberId,
  }))
}
