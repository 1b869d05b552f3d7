import 'server-only'

import { query } from './pool'

// Ordered by the key: without an order PostgreSQL may expect to meet a row early and read a whole table of other accounts.
const ANY_CARD = 'SELECT id FROM card WHERE account_id = $1 AND removed_at IS NULL ORDER BY id LIMIT 1'
const ANY_GRANT = 'SELECT id FROM credit_grant WHERE account_id = $1 ORDER BY id LIMIT 1'

/** Whether an account has a saved card. */
export async function hasSavedCard(accountId: string): Promise<boolean> {
  return (await query(ANY_CARD, [accountId])).length > 0
}

/** Whether an account was ever given credit. */
export async function hasAnyGrant(accountId: string): Promise<boolean> {
  return (await query(ANY_GRANT, [accountId])).length > 0
}
