import 'server-only'

import { amount, type Amount } from '@/lib/money/amount'
import type { Quantity } from '@/lib/money/quantity'

import { plainArray, textArray } from './arrays'
import { readQuantity } from './numeric'
import { query, type Row, type Tx } from './pool'

/** What was answered when a usage event was first recorded. */
export type RecordedUsage = {
  readonly id: string
  readonly bodyHash: string
  readonly walletId: string
  readonly assetCode: string
  readonly scale: number
  readonly outcome: 'charged' | 'covered' | 'free'
  readonly amount: Amount
  /** The part that the plan's allowance covered. */
  readonly covered: Quantity
  readonly entryId: string | null
  readonly balanceAfter: Amount
  readonly available: Amount
}

/** A usage event with everything that explains its charge. */
export type UsageFacts = RecordedUsage & {
  readonly meter: string
  readonly priceId: string | null
  readonly quantity: Quantity
  readonly usedBefore: Quantity
  readonly member: string | null
  readonly key: string | null
  readonly resource: string | null
  readonly model: string | null
  readonly feature: string | null
  readonly dimensions: Readonly<Record<string, string>>
  /** What the event cost the operator in USD, a decimal string. */
  readonly cost: string | null
  readonly occurredAt: Date
  readonly createdAt: Date
}

const COLUMNS = `e.id, e.body_hash, e.wallet_id, w.asset_code, w.scale, e.outcome, e.amount, e.covered, e.entry_id, e.balance_after, e.available`
const FROM = 'FROM usage_event e JOIN wallet w ON w.account_id = e.account_id AND w.id = e.wallet_id'
/** The limit keeps the look-up by key: joined freely, a plan of a young table would read all of it for each batch. */
const BY_IDS = `SELECT e.account_id, ${COLUMNS} FROM unnest($1::uuid[], $2::text[]) AS u (account_id, id)
  CROSS JOIN LATERAL (SELECT * FROM usage_event e WHERE e.account_id = u.account_id AND e.id = u.id LIMIT 1) AS e
  JOIN wallet w ON w.account_id = e.account_id AND w.id = e.wallet_id`
const ONE = `SELECT ${COLUMNS}, e.meter, e.price_id, e.quantity, e.used_before, e.member, e.key_label, e.resource, e.model, e.feature,
  e.dimensions, e.cost, e.occurred_at, e.created_at ${FROM} WHERE e.account_id = $1 AND e.id = $2`

/** Those of these events that are recorded already, with their accounts. For a replay check, call it under the wallet's lock. */
export async function findRecordedUsage(
  tx: Tx,
  events: readonly { readonly accountId: string; readonly id: string }[],
): Promise<readonly (RecordedUsage & { readonly accountId: string })[]> {
  if (events.length === 0) return []
  const rows = await tx.query(BY_IDS, [
    plainArray(events.map(({ accountId }) => accountId)),
    textArray(events.map(({ id }) => id)),
  ])
  return rows.map((row) => ({ ...readRecorded(row), accountId: row['account_id'] as string }))
}

/** One usage event of an account, or null. */
export async function readUsageEvent(accountId: string, id: string): Promise<UsageFacts | null> {
  const [row] = await query(ONE, [accountId, id])
  if (row === undefined) return null
  return {
    ...readRecorded(row),
    meter: row['meter'] as string,
    priceId: row['price_id'] as string | null,
    quantity: readQuantity(row['quantity'] as string),
    usedBefore: readQuantity(row['used_before'] as string),
    member: row['member'] as string | null,
    key: row['key_label'] as string | null,
    resource: row['resource'] as string | null,
    model: row['model'] as string | null,
    feature: row['feature'] as string | null,
    dimensions: (row['dimensions'] ?? {}) as Readonly<Record<string, string>>,
    cost: row['cost'] as string | null,
    occurredAt: row['occurred_at'] as Date,
    createdAt: row['created_at'] as Date,
  }
}

function readRecorded(row: Row): RecordedUsage {
  return {
    id: row['id'] as string,
    bodyHash: row['body_hash'] as string,
    walletId: row['wallet_id'] as string,
    assetCode: row['asset_code'] as string,
    scale: row['scale'] as number,
    outcome: row['outcome'] as RecordedUsage['outcome'],
    amount: amount(row['amount'] as bigint),
    covered: readQuantity(row['covered'] as string),
    entryId: row['entry_id'] as string | null,
    balanceAfter: amount(row['balance_after'] as bigint),
    available: amount(row['available'] as bigint),
  }
}
