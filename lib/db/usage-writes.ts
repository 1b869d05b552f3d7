import 'server-only'

import type { Amount } from '@/lib/money/amount'
import { formatQuantity, formatUnitPrice, type Quantity, type UnitPrice } from '@/lib/money/quantity'

import type { Tx } from './pool'

/** A usage event that was decided, ready to be recorded. */
export type UsageRecord = {
  readonly accountId: string
  readonly id: string
  readonly bodyHash: string
  readonly walletId: string
  /** Empty when an amount was captured that no meter counts. */
  readonly meter: string
  readonly priceId: string | null
  readonly quantity: Quantity
  /** What the period's counter stood at when it was rated. */
  readonly usedBefore: Quantity
  /** The part that the plan's allowance covered. */
  readonly covered: Quantity
  readonly amount: Amount
  readonly outcome: 'charged' | 'covered' | 'free'
  readonly entryId: string | null
  readonly balanceAfter: Amount
  readonly available: Amount
  readonly member: string | null
  readonly key: string | null
  readonly resource: string | null
  readonly model: string | null
  readonly feature: string | null
  readonly dimensions: Readonly<Record<string, string>>
  readonly cost: UnitPrice | null
  readonly occurredAt: Date
  readonly createdAt: Date
  /** The calendar day of `occurredAt` in the account's time zone. */
  readonly day: string
}

const INSERT_EVENTS = `INSERT INTO usage_event (account_id, id, body_hash, wallet_id, meter, price_id, quantity, used_before, covered,
    amount, outcome, entry_id, balance_after, available, member, key_label, resource, model, feature, dimensions, cost, occurred_at, created_at)
  SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::uuid[], $5::text[], $6::uuid[], $7::numeric[], $8::numeric[],
    $9::numeric[], $10::bigint[], $11::text[], $12::uuid[], $13::bigint[], $14::bigint[], $15::text[], $16::text[], $17::text[],
    $18::text[], $19::text[], $20::jsonb[], $21::numeric[], $22::timestamptz[], $23::timestamptz[])`

const ADD_TO_DAYS = `INSERT INTO daily_usage AS d
    (account_id, day, wallet_id, meter, model, resource, feature, member, key_label, quantity, amount, cost, events)
  SELECT account_id, day, wallet_id, meter, model, resource, feature, member, key_label, sum(quantity), sum(amount), sum(cost), count(*)
  FROM unnest($1::uuid[], $2::date[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[],
    $10::numeric[], $11::bigint[], $12::numeric[])
    AS u (account_id, day, wallet_id, meter, model, resource, feature, member, key_label, quantity, amount, cost)
  GROUP BY account_id, day, wallet_id, meter, model, resource, feature, member, key_label
  ON CONFLICT (account_id, day, wallet_id, meter, model, resource, feature, member, key_label) DO UPDATE
  SET quantity = d.quantity + excluded.quantity, amount = d.amount + excluded.amount,
    cost = d.cost + excluded.cost, events = d.events + excluded.events`

/** Records usage events and adds them to their days, set-based. Call under the lock of the wallets they were paid from. */
export async function recordUsageEvents(tx: Tx, records: readonly UsageRecord[]): Promise<void> {
  if (records.length === 0) return
  const column = <Value>(pick: (record: UsageRecord) => Value): Value[] => records.map(pick)
  const inserted = tx.query(INSERT_EVENTS, [
    column((record) => record.accountId),
    column((record) => record.id),
    column((record) => record.bodyHash),
    column((record) => record.walletId),
    column((record) => record.meter),
    column((record) => record.priceId),
    column((record) => formatQuantity(record.quantity)),
    column((record) => formatQuantity(record.usedBefore)),
    column((record) => formatQuantity(record.covered)),
    column((record) => record.amount),
    column((record) => record.outcome),
    column((record) => record.entryId),
    column((record) => record.balanceAfter),
    column((record) => record.available),
    column((record) => record.member),
    column((record) => record.key),
    column((record) => record.resource),
    column((record) => record.model),
    column((record) => record.feature),
    column((record) => dimensionsText(record.dimensions)),
    column((record) => (record.cost === null ? null : formatUnitPrice(record.cost))),
    column((record) => record.occurredAt),
    column((record) => record.createdAt),
  ])
  const added = tx.query(ADD_TO_DAYS, [
    column((record) => record.accountId),
    column((record) => record.day),
    column((record) => record.walletId),
    column((record) => record.meter),
    column((record) => record.model ?? ''),
    column((record) => record.resource ?? ''),
    column((record) => record.feature ?? ''),
    column((record) => record.member ?? ''),
    column((record) => record.key ?? ''),
    column((record) => formatQuantity(record.quantity)),
    column((record) => record.amount),
    column((record) => (record.cost === null ? '0' : formatUnitPrice(record.cost))),
  ])
  await Promise.all([inserted, added])
}

function dimensionsText(dimensions: UsageRecord['dimensions']): string | null {
  return Object.keys(dimensions).length === 0 ? null : JSON.stringify(dimensions)
}
