import 'server-only'

import type { GrantState } from '@/lib/ledger/types'

import { readGrants } from './books'
import { query } from './pool'

/** A grant and what it is counted in. */
export type OwnedGrant = {
  readonly accountId: string
  readonly walletId: string
  readonly grant: GrantState
  readonly assetCode: string
  readonly scale: number
}

const OWNER = 'SELECT account_id FROM grant_owner WHERE grant_id = $1'
const ASSET = `SELECT w.id AS wallet_id, w.asset_code, w.scale FROM credit_grant g JOIN wallet w ON w.account_id = g.account_id AND w.id = g.wallet_id
  WHERE g.account_id = $1 AND g.id = $2`

/** A grant of any account by its id (a UUID), or null. The caller checks whose it is. */
export async function findGrant(id: string): Promise<OwnedGrant | null> {
  const [owner] = await query(OWNER, [id])
  if (owner === undefined) return null
  const accountId = owner['account_id'] as string
  const [[asset], [grant]] = await Promise.all([query(ASSET, [accountId, id]), readGrants({ query }, accountId, [id])])
  if (asset === undefined || grant === undefined) return null
  return {
    accountId,
    walletId: asset['wallet_id'] as string,
    grant,
    assetCode: asset['asset_code'] as string,
    scale: asset['scale'] as number,
  }
}
