import 'server-only'

import type { PeriodAllowance } from '@/lib/billing/rules/carry-allowances'
import { formatQuantity } from '@/lib/money/quantity'

import { readQuantity } from './numeric'
import type { Tx } from './pool'

const SINCE = `SELECT meter, period_start, covered, reserved FROM allowance_usage
  WHERE account_id = $1 AND period_start > $2 AND period_start <= $3 ORDER BY meter, period_start`
const CARRY = `INSERT INTO allowance_usage AS a (account_id, meter, period_start, covered, reserved)
  SELECT $1, * FROM unnest($2::text[], $3::timestamptz[], $4::numeric[], $5::numeric[])
  ON CONFLICT (account_id, meter, period_start) DO UPDATE
  SET covered = greatest(a.covered, excluded.covered), reserved = greatest(a.reserved, excluded.reserved)`
const LEAVE = 'UPDATE allowance_usage SET reserved = 0 WHERE account_id = $1 AND period_start = ANY($2)'
const MOVE_HOLDS = `UPDATE hold SET reservations = jsonb_set(reservations, '{allowance,periodStart}', to_jsonb($3::text))
  WHERE account_id = $1 AND status = 'open' AND jsonb_typeof(reservations->'allowance') = 'object'
    AND (reservations->'allowance'->>'periodStart')::timestamptz = ANY($2)`

/** What an account's allowances covered and reserved in the periods that began after an instant and up to another. */
export async function readAllowancesSince(
  tx: Tx,
  accountId: string,
  since: Date,
  until: Date,
): Promise<readonly PeriodAllowance[]> {
  return (await tx.query(SINCE, [accountId, since, until])).map((row) => ({
    meter: row['meter'] as string,
    periodStart: row['period_start'] as Date,
    covered: readQuantity(row['covered'] as string),
    reserved: readQuantity(row['reserved'] as string),
  }))
}

/** Raises counts to what was carried into them; none is lowered. Call under the locks of the pool wallets that guard them. */
export async function carryIntoPeriods(tx: Tx, accountId: string, carried: readonly PeriodAllowance[]): Promise<void> {
  if (carried.length === 0) return
  await tx.query(CARRY, [
    accountId,
    carried.map(({ meter }) => meter),
    carried.map(({ periodStart }) => periodStart),
    carried.map(({ covered }) => formatQuantity(covered)),
    carried.map(({ reserved }) => formatQuantity(reserved)),
  ])
}

/** Open holds give back what they reserved in some periods to another one, into which it was carried. Under the same locks. */
export async function moveReservations(tx: Tx, accountId: string, from: readonly Date[], to: Date): Promise<void> {
  if (from.length === 0) return
  await tx.query(LEAVE, [accountId, from])
  await tx.query(MOVE_HOLDS, [accountId, from, to.toISOString()])
}
