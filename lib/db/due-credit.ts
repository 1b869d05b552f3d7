import 'server-only'

import { query } from './pool'

const FREE = 'g.open AND NOT g.frozen AND NOT g.voided AND g.remaining > g.held'
const UNSCOPED = "(g.scope IS NULL OR NOT g.scope ?| ARRAY['meters', 'models', 'members', 'features'])"

/** Grants past their expiry, by real time and by test clocks, and grants that became effective in a wallet with debt. */
const ACCOUNTS = `(SELECT DISTINCT g.account_id FROM credit_grant g JOIN billing_account a ON a.id = g.account_id
    WHERE a.clock_at IS NULL AND g.expires_at <= $1 AND ${FREE} LIMIT $2)
  UNION (SELECT DISTINCT g.account_id FROM billing_account a JOIN credit_grant g ON g.account_id = a.id
    WHERE a.clock_at IS NOT NULL AND g.expires_at <= a.clock_at AND ${FREE} LIMIT $2)
  UNION (SELECT DISTINCT g.account_id FROM wallet w JOIN billing_account a ON a.id = w.account_id
    JOIN credit_grant g ON g.account_id = w.account_id AND g.wallet_id = w.id
    WHERE w.debt > 0 AND g.effective_at <= coalesce(a.clock_at, $1) AND ${UNSCOPED} AND ${FREE} LIMIT $2)
  LIMIT $2`

/** Some accounts with credit that is due to expire or to repay debt: by their test clock, or else by `until`. In no order. */
export async function accountsWithDueCredit(until: Date, limit: number): Promise<readonly string[]> {
  return (await query(ACCOUNTS, [until, limit])).map((row) => row['account_id'] as string)
}
