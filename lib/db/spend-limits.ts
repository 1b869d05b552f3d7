import 'server-only'

import { cappedAmount, type Amount } from '@/lib/money/amount'
import type { LimitTerms } from '@/lib/usage/rules/limits'

import { query, type Tx } from './pool'

const PUT = `INSERT INTO spend_limit (account_id, id, scope, subject, asset_code, amount, period, mode, created_at, updated_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9)
  ON CONFLICT (account_id, id) DO UPDATE SET scope = excluded.scope, subject = excluded.subject, asset_code = excluded.asset_code,
    amount = excluded.amount, period = excluded.period, mode = excluded.mode, updated_at = excluded.updated_at`
const SAME = `SELECT FROM spend_limit WHERE account_id = $1 AND id = $2 AND scope = $3 AND subject IS NOT DISTINCT FROM $4
  AND asset_code = $5 AND period = $6`
const COUNT = 'SELECT count(*)::int AS count FROM spend_limit WHERE account_id = $1 AND id <> $2'
const USES = `SELECT subject, period_start, used, reserved FROM limit_counter
  WHERE account_id = $1 AND scope = $2 AND asset_code = $3 AND period = $4 AND period_start = $5 AND ($6::text IS NULL OR subject = $6)
  ORDER BY used DESC, subject LIMIT 100`

/** How much one subject spent under a limit in a period, and how much open holds have reserved. `subject` is empty for the organization. */
export type LimitUse = {
  readonly subject: string
  readonly periodStart: Date
  readonly used: Amount
  readonly reserved: Amount
}

/** How many limits an account has besides this one. Call after `touchAccountTerms`, whose lock lets no other one be added meanwhile. */
export async function countOtherLimits(tx: Tx, accountId: string, id: string): Promise<number> {
  const [row] = await tx.query(COUNT, [accountId, id])
  return row?.['count'] as number
}

/** Whether a limit of this id counts the same spending already. Call after `touchAccountTerms`. */
export async function isLimitCounted(tx: Tx, accountId: string, limit: LimitTerms): Promise<boolean> {
  const { id, scope, subject, asset, period } = limit
  return (await tx.query(SAME, [accountId, id, scope, subject, asset, period])).length > 0
}

/** Adds or replaces a spend limit; its counters stay. Call after `touchAccountTerms`. */
export async function putSpendLimit(tx: Tx, accountId: string, limit: LimitTerms, now: Date): Promise<void> {
  const { id, scope, subject, asset, amount: size, period, mode } = limit
  await tx.query(PUT, [accountId, id, scope, subject, asset, size, period, mode, now])
}

/** What counts against a limit in a period, the most used subjects first, at most 100. */
export async function readLimitUses(
  accountId: string,
  { scope, subject, asset, period }: LimitTerms,
  periodStart: Date,
): Promise<readonly LimitUse[]> {
  const rows = await query(USES, [accountId, scope, asset, period, periodStart, subject])
  return rows.map((row) => ({
    subject: row['subject'] as string,
    periodStart: row['period_start'] as Date,
    used: cappedAmount(BigInt(row['used'] as string)),
    reserved: cappedAmount(BigInt(row['reserved'] as string)),
  }))
}
