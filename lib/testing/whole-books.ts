import { createHash } from 'node:crypto'

import { query } from '../db/pool'
import { canonicalLine, GENESIS_HASH } from '../ledger/canonical'
import type { EntryKind } from '../ledger/types'
import { amount } from '../money/amount'

/** One query an invariant of ledger.md: each row that it answers is something wrong, in words. `$1`: the accounts. */
const CHECKS = [
  `SELECT 'invariant 1: wallet ' || w.id || ' has ' || w.balance || ', its entries ' || e.total || ', its grants ' || g.total || ', its debt ' || w.debt AS fault
   FROM wallet w CROSS JOIN LATERAL (SELECT coalesce(sum(amount), 0) AS total FROM entry WHERE account_id = w.account_id AND wallet_id = w.id) e
   CROSS JOIN LATERAL (SELECT coalesce(sum(remaining), 0) AS total FROM credit_grant WHERE account_id = w.account_id AND wallet_id = w.id) g
   WHERE w.account_id = ANY($1) AND (w.balance <> e.total OR w.balance <> g.total - w.debt)`,
  `SELECT 'invariant 2: wallet ' || w.id || ' holds ' || w.held || ', its grants ' || g.total || ', its open holds ' || h.total AS fault
   FROM wallet w CROSS JOIN LATERAL (SELECT coalesce(sum(held), 0) AS total FROM credit_grant WHERE account_id = w.account_id AND wallet_id = w.id) g
   CROSS JOIN LATERAL (SELECT coalesce(sum(p.held), 0) AS total FROM hold h JOIN hold_allocation p ON p.account_id = h.account_id AND p.hold_id = h.id
     WHERE h.account_id = w.account_id AND h.wallet_id = w.id AND h.status = 'open') h
   WHERE w.account_id = ANY($1) AND (w.held <> g.total OR w.held <> h.total)`,
  `SELECT 'invariant 2: grant ' || id || ' remaining ' || remaining || ' of ' || amount || ', held ' || held AS fault FROM credit_grant
   WHERE account_id = ANY($1) AND NOT (0 <= held AND held <= remaining AND remaining <= amount)`,
  `SELECT 'invariant 2: a hold that is ' || h.status || ' still pins ' || p.held AS fault FROM hold h
   JOIN hold_allocation p ON p.account_id = h.account_id AND p.hold_id = h.id
   WHERE h.account_id = ANY($1) AND h.status <> 'open' AND p.held <> 0`,
  `SELECT 'entry ' || e.id || ': allocations and debt do not add up to ' || e.amount AS fault FROM entry e WHERE e.account_id = ANY($1)
   AND e.amount <> (SELECT coalesce(sum(a.amount), 0) FROM allocation a WHERE a.account_id = e.account_id AND a.entry_id = e.id) - e.debt_change`,
  `SELECT 'invariant 4: the key ' || idempotency_key || ' stands ' || count(*) || ' times' AS fault FROM entry WHERE account_id = ANY($1)
   GROUP BY account_id, idempotency_key HAVING count(*) > 1`,
  `SELECT 'invariant 9: ' || day || ' ' || meter || ' rolls up to ' || coalesce(d.total, 0) || ', its entries to ' || coalesce(e.total, 0) AS fault
   FROM (SELECT account_id, wallet_id, day, meter, sum(amount) AS total FROM daily_usage WHERE account_id = ANY($1) GROUP BY 1, 2, 3, 4) d
   FULL JOIN (SELECT e.account_id, e.wallet_id, (e.occurred_at AT TIME ZONE a.time_zone)::date AS day, u.meter, -sum(e.amount) AS total
     FROM entry e JOIN billing_account a ON a.id = e.account_id JOIN usage_event u ON u.account_id = e.account_id AND u.id = e.event_id
     WHERE e.account_id = ANY($1) AND e.kind = 'usage' GROUP BY 1, 2, 3, 4) e USING (account_id, wallet_id, day, meter)
   WHERE coalesce(d.total, 0) <> coalesce(e.total, 0)`,
]

/** What is wrong with the tables of some accounts, by invariants 1 to 4 and 9 of the ledger and by every hash; nothing, if all is well. */
export async function readFaults(accountIds: readonly string[]): Promise<readonly string[]> {
  const found = await Promise.all(CHECKS.map((sql) => query(sql, [accountIds])))
  return [...found.flat().map((row) => row['fault'] as string), ...(await brokenLinks(accountIds))]
}

/** Invariant 3: dense sequences, running balances, the chain of hashes, and that the wallet knows its newest entry. */
async function brokenLinks(accountIds: readonly string[]): Promise<readonly string[]> {
  const wallets = await query('SELECT id, balance, last_sequence, last_hash FROM wallet WHERE account_id = ANY($1)', [
    accountIds,
  ])
  const entries = await query('SELECT * FROM entry WHERE account_id = ANY($1) ORDER BY wallet_id, sequence', [
    accountIds,
  ])
  const allocations = await query('SELECT * FROM allocation WHERE account_id = ANY($1)', [accountIds])
  return wallets.flatMap((wallet) => {
    let last = { sequence: 0n, balance: 0n, hash: GENESIS_HASH }
    const faults: string[] = []
    for (const row of entries.filter((entry) => entry['wallet_id'] === wallet['id'])) {
      const drawn = allocations.filter((allocation) => allocation['entry_id'] === row['id'])
      const next = { sequence: last.sequence + 1n, balance: last.balance + (row['amount'] as bigint) }
      const isRight =
        row['sequence'] === next.sequence &&
        row['balance_after'] === next.balance &&
        row['previous_hash'] === last.hash &&
        row['hash'] === hashOf(row, drawn)
      if (!isRight) faults.push(`invariant 3: entry ${String(row['sequence'])} of wallet ${String(wallet['id'])}`)
      last = { ...next, hash: row['hash'] as string }
    }
    const isKnown = wallet['last_sequence'] === last.sequence && wallet['last_hash'] === last.hash
    return isKnown ? faults : [...faults, `invariant 3: wallet ${String(wallet['id'])} does not know its newest entry`]
  })
}

type Row = Readonly<Record<string, unknown>>

function hashOf(row: Row, allocations: readonly Row[]): string {
  const text = (name: string) => row[name] as string
  const line = canonicalLine({
    accountId: text('account_id'),
    walletId: text('wallet_id'),
    kind: row['kind'] as EntryKind,
    sequence: row['sequence'] as bigint,
    amount: amount(row['amount'] as bigint),
    balanceAfter: amount(row['balance_after'] as bigint),
    debtChange: amount(row['debt_change'] as bigint),
    occurredAt: row['occurred_at'] as Date,
    createdAt: row['created_at'] as Date,
    idempotencyKey: text('idempotency_key'),
    actor: text('actor'),
    description: text('description'),
    references: {
      ...{ grant: row['grant_id'] as string | null, payment: row['payment_id'] as string | null },
      ...{ event: row['event_id'] as string | null, hold: row['hold_id'] as string | null },
      reverses: row['reverses_entry_id'] as string | null,
    },
    allocations: allocations.map((allocation) => ({
      grantId: allocation['grant_id'] as string,
      amount: amount(allocation['amount'] as bigint),
      order: allocation['alloc_order'] as number,
    })),
    previousHash: text('previous_hash'),
  })
  return createHash('sha256').update(line).digest('hex')
}
