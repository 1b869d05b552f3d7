import 'server-only'

import { formatQuantity, quantity, type Quantity } from '@/lib/money/quantity'

import { readQuantity } from './numeric'
import type { Tx } from './pool'

/** A meter of an account in a period. */
export type MeterPeriod = { readonly accountId: string; readonly meter: string; readonly periodStart: Date }

/** How much of a meter an account was charged for in a pricing period: what packages and tiers count from. */
export type PeriodCount = MeterPeriod & { readonly quantity: Quantity }

/** How much of a meter the plan's allowance covered in a plan period, and how much of it open holds have reserved. */
export type AllowanceCount = MeterPeriod & { readonly covered: Quantity; readonly reserved: Quantity }

/** A change of an allowance's count. What is reserved may go down. */
export type AllowanceChange = MeterPeriod & { readonly covered: Quantity; readonly reserved: bigint }

const PLACES = '(account_id, meter, period_start) IN (SELECT * FROM unnest($1::uuid[], $2::text[], $3::timestamptz[]))'
const USED = `SELECT account_id, meter, period_start, quantity FROM period_usage WHERE ${PLACES}`
const COVERED = `SELECT account_id, meter, period_start, covered, reserved FROM allowance_usage WHERE ${PLACES}`
const ADD_USED = `INSERT INTO period_usage AS p (account_id, meter, period_start, quantity)
  SELECT * FROM unnest($1::uuid[], $2::text[], $3::timestamptz[], $4::numeric[])
  ON CONFLICT (account_id, meter, period_start) DO UPDATE SET quantity = p.quantity + excluded.quantity`
const ADD_COVERED = `INSERT INTO allowance_usage AS a (account_id, meter, period_start, covered, reserved)
  SELECT * FROM unnest($1::uuid[], $2::text[], $3::timestamptz[], $4::numeric[], $5::numeric[])
  ON CONFLICT (account_id, meter, period_start) DO UPDATE
  SET covered = a.covered + excluded.covered, reserved = a.reserved + excluded.reserved`
/** What was reserved stands in a row: giving it back never makes one. */
const GIVE_BACK = `UPDATE allowance_usage a SET covered = a.covered + u.covered, reserved = greatest(0, a.reserved + u.reserved)
  FROM unnest($1::uuid[], $2::text[], $3::timestamptz[], $4::numeric[], $5::numeric[])
    AS u (account_id, meter, period_start, covered, reserved)
  WHERE (a.account_id, a.meter, a.period_start) = (u.account_id, u.meter, u.period_start)`

/** What was used so far in the named periods. Call under the pool wallet's lock: it keeps two packages from being begun at once. */
export async function readPeriodCounts(tx: Tx, periods: readonly MeterPeriod[]): Promise<readonly PeriodCount[]> {
  if (periods.length === 0) return []
  const rows = await tx.query(USED, placesOf(periods))
  return rows.map((row) => ({ ...readPlace(row), quantity: readQuantity(row['quantity'] as string) }))
}

/** Adds to the counts of some periods, each named once, under the same lock. */
export async function addToPeriodCounts(tx: Tx, added: readonly PeriodCount[]): Promise<void> {
  if (added.length > 0)
    await tx.query(ADD_USED, [...placesOf(added), added.map((count) => formatQuantity(count.quantity))])
}

/** What allowances covered so far in the named periods. Call under the pool wallet's lock. */
export async function readAllowanceCounts(tx: Tx, periods: readonly MeterPeriod[]): Promise<readonly AllowanceCount[]> {
  if (periods.length === 0) return []
  const rows = await tx.query(COVERED, placesOf(periods))
  return rows.map((row) => ({
    ...readPlace(row),
    covered: readQuantity(row['covered'] as string),
    reserved: readQuantity(row['reserved'] as string),
  }))
}

/** Adds to the counts of some allowances, each named once, under the same lock. */
export async function addToAllowanceCounts(tx: Tx, changes: readonly AllowanceChange[]): Promise<void> {
  const grown = changes.filter(({ reserved }) => reserved >= 0n)
  const freed = changes.filter(({ reserved }) => reserved < 0n)
  await Promise.all([changeAllowances(tx, ADD_COVERED, grown), changeAllowances(tx, GIVE_BACK, freed)])
}

async function changeAllowances(tx: Tx, sql: string, changes: readonly AllowanceChange[]): Promise<void> {
  if (changes.length === 0) return
  const covered = changes.map((change) => formatQuantity(change.covered))
  const reserved = changes.map((change) =>
    change.reserved < 0n ? `-${formatQuantity(quantity(-change.reserved))}` : formatQuantity(quantity(change.reserved)),
  )
  await tx.query(sql, [...placesOf(changes), covered, reserved])
}

function placesOf(periods: readonly MeterPeriod[]): readonly unknown[][] {
  return [
    periods.map(({ accountId }) => accountId),
    periods.map(({ meter }) => meter),
    periods.map(({ periodStart }) => periodStart),
  ]
}

function readPlace(row: Readonly<Record<string, unknown>>): MeterPeriod {
  return {
    accountId: row['account_id'] as string,
    meter: row['meter'] as string,
    periodStart: row['period_start'] as Date,
  }
}
