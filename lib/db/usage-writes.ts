import 'server-only'

import type { Amount } from '@/lib/money/amount'
import { formatQuantity, formatUnitPrice, type Quantity, type UnitPrice } from '@/lib/money/quantity'

import { instantArray, plainArray, textArray } from './arrays'
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
  const plain = (pick: (record: UsageRecord) => string | bigint | null) => plainArray(records.map(pick))
  const text = (pick: (record: UsageRecord) => string | null) => textArray(records.map(pick))
  const accountIds = plain((record) => record.accountId)
  const walletIds = plain((record) => record.walletId)
  const meters = text((record) => record.meter)
  const quantities = plain((record) => formatQuantity(record.quantity))
  const amounts = plain((record) => record.amount)
  const costs = records.map(({ cost }) => (cost === null ? null : formatUnitPrice(cost)))
  const inserted = tx.query(INSERT_EVENTS, [
    accountIds,
    text((record) => record.id),
    plain((record) => record.bodyHash),
    walletIds,
    meters,
    plain((record) => record.priceId),
    quantities,
    plain((record) => formatQuantity(record.usedBefore)),
    plain((record) => formatQuantity(record.covered)),
    amounts,
    plain((record) => record.outcome),
    plain((record) => record.entryId),
    plain((record) => record.balanceAfter),
    plain((record) => record.available),
    text((record) => record.member),
    text((record) => record.key),
    text((record) => record.resource),
    text((record) => record.model),
    text((record) => record.feature),
    text((record) => dimensionsText(record.dimensions)),
    plainArray(costs),
    instantArray(records.map((record) => record.occurredAt)),
    instantArray(records.map((record) => record.createdAt)),
  ])
  const added = tx.query(ADD_TO_DAYS, [
    accountIds,
    plain((record) => record.day),
    walletIds,
    meters,
    text((record) => record.model ?? ''),
    text((record) => record.resource ?? ''),
    text((record) => record.feature ?? ''),
    text((record) => record.member ?? ''),
    text((record) => record.key ?? ''),
    quantities,
    amounts,
    plainArray(costs.map((cost) => cost ?? '0')),
  ])
  await Promise.all([inserted, added])
}

function dimensionsText(dimensions: UsageRecord['dimensions']): string | null {
  return Object.keys(dimensions).length === 0 ? null : JSON.stringify(dimensions)
}
