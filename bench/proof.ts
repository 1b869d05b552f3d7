import { query } from '@/lib/db/pool'

import type { Wallets } from './commands'
import type { Accounts } from './world'

const PROOF = `WITH line AS (
    SELECT account_id, kind, amount, sequence, balance_after, previous_hash, hash,
      sum(amount) OVER chain AS running, lag(hash) OVER chain AS hash_before, row_number() OVER chain AS place
    FROM entry WHERE account_id = ANY($1) WINDOW chain AS (PARTITION BY account_id, wallet_id ORDER BY sequence)
  ), journal AS (
    SELECT account_id, sum(amount) AS total, max(sequence) AS newest, count(*) FILTER (WHERE kind = 'usage') AS usages,
      sum(amount) FILTER (WHERE kind = 'usage') AS spent,
      bool_and(sequence = place AND balance_after = running AND (place = 1 OR previous_hash = hash_before)) AS is_sound
    FROM line GROUP BY account_id
  )
  SELECT sum(e.events) AS events, bool_and(is_sound AND w.balance = total AND w.last_sequence = newest AND w.balance = g.remaining - w.debt
    AND w.held = g.held AND a.allocated = total AND coalesce(e.charged, 0) = usages AND coalesce(e.amount, 0) = -coalesce(spent, 0)
    AND (d.events, d.amount, d.quantity) IS NOT DISTINCT FROM (e.events, e.amount, e.quantity)
    AND coalesce(l.used, 0) = coalesce(e.amount, 0) AND coalesce(p.covered, 0) <= 100) AS holds
  FROM journal j JOIN wallet w USING (account_id)
    JOIN (SELECT account_id, sum(remaining) AS remaining, sum(held) AS held FROM credit_grant WHERE account_id = ANY($1) GROUP BY 1) AS g
      USING (account_id)
    JOIN (SELECT account_id, sum(amount) AS allocated FROM allocation WHERE account_id = ANY($1) GROUP BY 1) AS a USING (account_id)
    LEFT JOIN (SELECT account_id, sum(amount) AS amount, sum(events) AS events, sum(quantity) AS quantity FROM daily_usage
      WHERE account_id = ANY($1) GROUP BY 1) AS d USING (account_id)
    LEFT JOIN (SELECT account_id, count(*) AS events, count(entry_id) AS charged, sum(amount) AS amount, sum(quantity) AS quantity
      FROM usage_event WHERE account_id = ANY($1) GROUP BY 1) AS e USING (account_id)
    LEFT JOIN limit_counter l USING (account_id) LEFT JOIN allowance_usage p USING (account_id)`

/**
 * Checks what the benchmark has written: every acknowledged event is recorded once and no other is, each charge is one entry; sequences are
 * dense, balances are running sums, each hash is the next one's previous; wallets, grants, allocations, daily rollups, spend limits and
 * allowances agree. Throws when they do not.
 */
export async function prove(accounts: Accounts, acknowledged: Readonly<Record<Wallets, number>>): Promise<void> {
  await proveAccounts('hot', [accounts.hot.id], acknowledged.hot)
  await proveAccounts(
    'many',
    accounts.many.map(({ id }) => id),
    acknowledged.many,
  )
}

async function proveAccounts(name: Wallets, accountIds: readonly string[], acknowledged: number): Promise<void> {
  const [row] = await query(PROOF, [accountIds])
  const events = Number(row?.['events'] ?? 0)
  if (row?.['holds'] !== true) throw new Error(`the books of the wallets "${name}" do not hold`)
  if (events !== acknowledged)
    throw new Error(`${acknowledged} events were acknowledged and ${events} recorded in "${name}"`)
}
