import 'server-only'

import type { Amount } from '@/lib/money/amount'
import { formatQuantity, formatUnitPrice, type Quantity, type UnitPrice } from '@/lib/money/quantity'

import { readQuantity } from './numeric'
import type { Tx } from './pool'

/** A usage event that was decided, ready to be recorded. */
export type UsageRecord = {
  readonly id: string
  readonly bodyHash: string
  readonly walletId: string
  readonly meter: string
  readonly priceId: string
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
  SELECT $1, u.* FROM unnest($2::text[], $3::text[], $4::uuid[], $5::text[], $6::uuid[], $7::numeric[], $8::numeric[], $9::numeric[],
    $10::bigint[], $11::text[], $12::uuid[], $13::bigint[], $14::bigint[], $15::text[], $16::text[], $17::text[], $18::text[],
    $19::text[], $20::jsonb[], $21::numeric[], $22::timestamptz[], $23::timestamptz[]) AS u`

const ADD_TO_DAYS = `INSERT INTO daily_usage AS d
    (account_id, day, wallet_id, meter, model, resource, feature, member, key_label, quantity, amount, cost, events)
  SELECT $1, day, wallet_id, meter, model, resource, feature, member, key_label, sum(quantity), sum(amount), sum(cost), count(*)
  FROM unnest($2::date[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[],
    $10::numeric[], $11::bigint[], $12::numeric[])
    AS u (day, wallet_id, meter, model, resource, feature, member, key_label, quantity, amount, cost)
  GROUP BY day, wallet_id, meter, model, resource, feature, member, key_label
  ON CONFLICT (account_id, day, wallet_id, meter, model, resource, feature, member, key_label) DO UPDATE
  SET quantity = d.quantity + excluded.quantity, amount = d.amount + excluded.amount,
    cost = d.cost + excluded.cost, events = d.events + excluded.events`

/** Records usage events and adds them to their days, set-based. Call under the lock of the wallets they were paid from. */
export async function recordUsageEvents(tx: Tx, accountId: string, records: readonly UsageRecord[]): Promise<void> {
  if (records.length === 0) return
  const column = <Value>(pick: (record: UsageRecord) => Value): Value[] => records.map(pick)
  await tx.query(INSERT_EVENTS, [
    accountId,
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
  await tx.query(ADD_TO_DAYS, [
    accountId,
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
}

const USED_IN_PERIODS = `SELECT meter, period_start, quantity FROM period_usage
  WHERE account_id = $1 AND (meter, period_start) IN (SELECT * FROM unnest($2::text[], $3::timestamptz[]))`
const ADD_TO_PERIODS = `INSERT INTO period_usage AS p (account_id, meter, period_start, quantity)
  SELECT $1, u.* FROM unnest($2::text[], $3::timestamptz[], $4::numeric[]) AS u
  ON CONFLICT (account_id, meter, period_start) DO UPDATE SET quantity = p.quantity + excluded.quantity`

/** How much of a meter an account used in a period. */
export type PeriodCount = { readonly meter: string; readonly periodStart: Date; readonly quantity: Quantity }

/** What was used so far in the named periods. Call under the wallet's lock: it is what keeps two packages from being begun at once. */
export async function readPeriodCounts(
  tx: Tx,
  accountId: string,
  periods: readonly Omit<PeriodCount, 'quantity'>[],
): Promise<readonly PeriodCount[]> {
  if (periods.length === 0) return []
  const meters = periods.map((period) => period.meter)
  const starts = periods.map((period) => period.periodStart)
  const rows = await tx.query(USED_IN_PERIODS, [accountId, meters, starts])
  return rows.map((row) => ({
    meter: row['meter'] as string,
    periodStart: row['period_start'] as Date,
    quantity: readQuantity(row['quantity'] as string),
  }))
}

/** Adds to the counts of some periods, each named once, under the same lock. */
export async function addToPeriodCounts(tx: Tx, accountId: string, added: readonly PeriodCount[]): Promise<void> {
  if (added.length === 0) return
  const meters = added.map((count) => count.meter)
  const starts = added.map((count) => count.periodStart)
  await tx.query(ADD_TO_PERIODS, [accountId, meters, starts, added.map((count) => formatQuantity(count.quantity))])
}

function dimensionsText(dimensions: UsageRecord['dimensions']): string | null {
  return Object.keys(dimensions).length === 0 ? null : JSON.stringify(dimensions)
}
