import 'server-only'

import type { EntryKind } from '@/lib/ledger/types'
import { amount, type Amount } from '@/lib/money/amount'

import { query, type Row, type Tx } from './pool'

/** One immutable line of a journal, as it was written. */
export type EntryLine = {
  readonly id: string
  readonly walletId: string
  readonly sequence: bigint
  readonly kind: EntryKind
  readonly amount: Amount
  readonly balanceAfter: Amount
  readonly debtChange: Amount
  readonly occurredAt: Date
  readonly createdAt: Date
  readonly idempotencyKey: string
  readonly actor: string
  readonly description: string
  readonly grantId: string | null
  readonly paymentId: string | null
  readonly eventId: string | null
  readonly holdId: string | null
  readonly reversesEntryId: string | null
  readonly previousHash: string
  readonly hash: string
}

/** What an entry drew from a grant or fed it. */
export type AllocationLine = { readonly grantId: string; readonly amount: Amount; readonly order: number }

const COLUMNS = `e.id, e.wallet_id, e.sequence, e.kind, e.amount, e.balance_after, e.debt_change, e.occurred_at, e.created_at,
  e.idempotency_key, e.actor, e.description, e.grant_id, e.payment_id, e.event_id, e.hold_id, e.reverses_entry_id, e.previous_hash, e.hash`

const BY_ID = `SELECT ${COLUMNS} FROM entry e WHERE e.account_id = $1 AND e.id = $2`
const BY_SEQUENCE = `SELECT ${COLUMNS} FROM entry e WHERE e.account_id = $1 AND e.wallet_id = $2 AND e.sequence = $3`
const ALLOCATIONS = `SELECT grant_id, amount, alloc_order FROM allocation WHERE account_id = $1 AND entry_id = $2 ORDER BY alloc_order`
const NEWEST_OF_WALLETS = `SELECT e.* FROM unnest($2::uuid[]) AS wallet (id) CROSS JOIN LATERAL (
    SELECT ${COLUMNS} FROM entry e WHERE e.account_id = $1 AND e.wallet_id = wallet.id ORDER BY e.sequence DESC LIMIT $3
  ) AS e`

/**
 * The journal is dense and written under the wallet's lock, so its lines stand in the order of `created_at`: the first line from an
 * instant on is found by halving, with some twenty look-ups in a journal of a million lines, and no index on time is paid per debit.
 */
const FIRST_SEQUENCE_FROM = `WITH RECURSIVE search (low, high) AS (
    SELECT 1::bigint, $3::bigint + 1
    UNION ALL
    SELECT CASE WHEN probe.created_at < $4 THEN probe.sequence + 1 ELSE search.low END,
      CASE WHEN probe.created_at < $4 THEN search.high ELSE probe.sequence END
    FROM search CROSS JOIN LATERAL (
      SELECT e.sequence, e.created_at FROM entry e
      WHERE e.account_id = $1 AND e.wallet_id = $2 AND e.sequence = (search.low + search.high) / 2 LIMIT 1
    ) AS probe
    WHERE search.low < search.high
  )
  SELECT low FROM search WHERE low = high`

/** One entry of an account, or null. With a transaction also what that has just written. */
export async function findEntry(accountId: string, id: string, tx: Tx = { query }): Promise<EntryLine | null> {
  const [row] = await tx.query(BY_ID, [accountId, id])
  return row === undefined ? null : readEntryLine(row)
}

/** The entry at a place of a wallet's journal, or null. */
export async function findEntryAt(
  accountId: string,
  walletId: string,
  sequence: bigint,
  tx: Tx = { query },
): Promise<EntryLine | null> {
  const [row] = await tx.query(BY_SEQUENCE, [accountId, walletId, sequence])
  return row === undefined ? null : readEntryLine(row)
}

/** What an entry drew from which grants, in the order in which it did. */
export async function readAllocations(accountId: string, entryId: string): Promise<readonly AllocationLine[]> {
  const rows = await query(ALLOCATIONS, [accountId, entryId])
  return rows.map((row) => ({
    grantId: row['grant_id'] as string,
    amount: amount(row['amount'] as bigint),
    order: row['alloc_order'] as number,
  }))
}

/** The newest entries of each of these wallets, at most `count` of each, in no order. */
export async function readNewestEntries(
  accountId: string,
  walletIds: readonly string[],
  count: number,
): Promise<readonly EntryLine[]> {
  return walletIds.length === 0
    ? []
    : (await query(NEWEST_OF_WALLETS, [accountId, walletIds, count])).map(readEntryLine)
}

/**
 * The sequence of a wallet's first line that was written at or after an instant; `last + 1` when there is none. `last` is the wallet's
 * last sequence. `reader` reads inside a transaction.
 */
export async function firstSequenceFrom(
  accountId: string,
  walletId: string,
  last: bigint,
  instant: Date,
  reader: Pick<Tx, 'query'> = { query },
): Promise<bigint> {
  const [row] = await reader.query(FIRST_SEQUENCE_FROM, [accountId, walletId, last, instant])
  if (row === undefined) throw new Error(`the journal of wallet ${walletId} has a gap`)
  return row['low'] as bigint
}

/** An entry row as a domain value. Used inside `lib/db` only. */
export function readEntryLine(row: Row): EntryLine {
  return {
    id: row['id'] as string,
    walletId: row['wallet_id'] as string,
    sequence: row['sequence'] as bigint,
    kind: row['kind'] as EntryKind,
    amount: amount(row['amount'] as bigint),
    balanceAfter: amount(row['balance_after'] as bigint),
    debtChange: amount(row['debt_change'] as bigint),
    occurredAt: row['occurred_at'] as Date,
    createdAt: row['created_at'] as Date,
    idempotencyKey: row['idempotency_key'] as string,
    actor: row['actor'] as string,
    description: row['description'] as string,
    grantId: row['grant_id'] as string | null,
    paymentId: row['payment_id'] as string | null,
    eventId: row['event_id'] as string | null,
    holdId: row['hold_id'] as string | null,
    reversesEntryId: row['reverses_entry_id'] as string | null,
    previousHash: row['previous_hash'] as string,
    hash: row['hash'] as string,
  }
}
