import 'server-only'

import { query } from './pool'

const ANY_CARD = 'SELECT id FROM card WHERE account_id = $1 AND removed_at IS NULL LIMIT 1'
const ANY_GRANT = 'SELECT id FROM credit_grant WHERE account_id = $1 LIMIT 1'

/** Whether an account has a saved card. */
export async function hasSavedCard(accountId: string): Promise<boolean> {
  return (await query(ANY_CARD, [accountId])).length > 0
}

/** Whether an account was ever given credit. */
export async function hasAnyGrant(accountId: string): Promise<boolean> {
  return (await query(ANY_GRANT, [accountId])).length > 0
}
