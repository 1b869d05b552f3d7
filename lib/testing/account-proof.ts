import { createHash } from 'node:crypto'

import { readBooks } from '../db/books'
import { query, type Row } from '../db/pool'
import type { CanonicalEntry } from '../ledger/canonical'
import { findBreaches, verifyChain } from '../ledger/invariants'
import type { Allocation, EntryKind } from '../ledger/types'
import { amount } from '../money/amount'

/**
 * Everything that is wrong with the books of an account at an instant, by the invariants of ledger.md; nothing, if all is well. Balances,
 * grants, debt and pins of each wallet against its open holds; every entry's hash worked out again, its link, running balance and
 * allocations; the wallet's balance against its entries; the days against the usage entries, by wallet, meter and day; one entry per
 * usage event that cost something.
 */
export async function findAccountBreaches(accountId: string, at: Date): Promise<readonly unknown[]> {
  const breaches: unknown[] = []
  const chains = await readChains(accountId)
  for (const book of await readBooks(accountId)) {
    breaches.push(...findBreaches(book, at))
    const { breaches: broken, end } = verifyChain(chains.get(book.wallet.id) ?? [], sha256)
    breaches.push(...broken)
    if (end.balance !== book.wallet.balance)
      breaches.push({ wallet: book.wallet.id, entries: end.balance, ...book.wallet })
  }
  breaches.push(
    ...(await query(DAYS, [accountId])),
    ...(await query(EVENTS, [accountId])),
    ...(await query(PINS, [accountId])),
  )
  return breaches
}

/** Σ daily rollup against Σ usage entries, which are dated and metered by their events. */
const DAYS = `SELECT day, wallet_id, meter, d.amount AS in_days, e.amount AS in_entries FROM (
    SELECT day, wallet_id, meter, sum(amount) AS amount FROM daily_usage WHERE account_id = $1 GROUP BY 1, 2, 3
  ) d FULL JOIN (
    SELECT (u.occurred_at AT TIME ZONE a.time_zone)::date AS day, e.wallet_id, u.meter, -sum(e.amount) AS amount
    FROM entry e JOIN usage_event u ON u.account_id = e.account_id AND u.entry_id = e.id
      JOIN billing_account a ON a.id = e.account_id
    WHERE e.account_id = $1 AND e.kind = 'usage' GROUP BY 1, 2, 3
  ) e USING (day, wallet_id, meter)
  WHERE coalesce(d.amount, 0) <> coalesce(e.amount, 0)`
const EVENTS = `SELECT u.id, u.amount, e.amount AS entry FROM (SELECT * FROM usage_event WHERE account_id = $1) u
  FULL JOIN (SELECT * FROM entry WHERE account_id = $1 AND kind = 'usage') e ON e.id = u.entry_id
  WHERE coalesce(u.amount, 0) <> -coalesce(e.amount, 0)`
const PINS = `SELECT g.id, g.held, p.held AS pinned FROM credit_grant g LEFT JOIN (
    SELECT a.grant_id, sum(a.held) AS held FROM hold_allocation a JOIN hold h ON h.account_id = a.account_id AND h.id = a.hold_id
    WHERE a.account_id = $1 AND h.status = 'open' GROUP BY 1
  ) p ON p.grant_id = g.id WHERE g.account_id = $1 AND g.held <> coalesce(p.held, 0)`

/** The entries of each wallet in the form that their hashes vouch for. */
async function readChains(accountId: string): Promise<ReadonlyMap<string, readonly StoredEntry[]>> {
  const rows = await query('SELECT * FROM entry WHERE account_id = $1 ORDER BY wallet_id, sequence', [accountId])
  const allocations = await query('SELECT * FROM allocation WHERE account_id = $1', [accountId])
  const fed = grouped(allocations, (row) => row['entry_id'] as string)
  const entries = rows.map((row) => toEntry(accountId, row, fed.get(row['id'] as string) ?? []))
  return grouped(entries, ({ walletId }) => walletId)
}

type StoredEntry = CanonicalEntry & { readonly hash: string }

function grouped<Item>(items: readonly Item[], nameOf: (item: Item) => string): ReadonlyMap<string, readonly Item[]> {
  const groups = new Map<string, Item[]>()
  for (const item of items) {
    const group = groups.get(nameOf(item))
    if (group === undefined) groups.set(nameOf(item), [item])
    else group.push(item)
  }
  return groups
}

function toEntry(accountId: string, row: Row, allocations: readonly Row[]): StoredEntry {
  return {
    accountId,
    walletId: row['wallet_id'] as string,
    kind: row['kind'] as EntryKind,
    sequence: row['sequence'] as bigint,
    amount: amount(row['amount'] as bigint),
    balanceAfter: amount(row['balance_after'] as bigint),
    debtChange: amount(row['debt_change'] as bigint),
    occurredAt: row['occurred_at'] as Date,
    createdAt: row['created_at'] as Date,
    idempotencyKey: row['idempotency_key'] as string,
    actor: row['actor'] as string,
    description: row['description'] as string,
    references: {
      grant: row['grant_id'] as string | null,
      payment: row['payment_id'] as string | null,
      event: row['event_id'] as string | null,
      hold: row['hold_id'] as string | null,
      reverses: row['reverses_entry_id'] as string | null,
    },
    allocations: allocations.map((allocation): Allocation => ({
      grantId: allocation['grant_id'] as string,
      amount: amount(allocation['amount'] as bigint),
      order: allocation['alloc_order'] as number,
    })),
    previousHash: row['previous_hash'] as string,
    hash: row['hash'] as string,
  }
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
