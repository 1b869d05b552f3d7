import 'server-only'

import type { RechargeSize } from '@/lib/billing/rules/recharge'
import { amount, type Amount } from '@/lib/money/amount'
import { cents, type Cents } from '@/lib/money/cents'

import { query, type Row, type Tx } from './pool'

/** Why auto-recharge is off although somebody had set it. */
export type RechargeOff = 'stopped' | 'card_removed'

/** What the people of an account set for auto-recharge. */
export type RechargeSetting = {
  readonly assetCode: string
  readonly enabled: boolean
  readonly threshold: Amount
  readonly size: RechargeSize
  /** The most that recharges may charge in a calendar month; null: no limit. */
  readonly monthlyCapCents: Cents | null
  readonly disabledReason: RechargeOff | null
  /** The month's cap is reached: nothing is charged before this instant. */
  readonly blockedUntil: Date | null
}

const ONE = `SELECT asset_code, enabled, threshold, size_mode, size, monthly_cap_cents, disabled_reason, blocked_until
  FROM recharge WHERE account_id = $1`
const SAVE = `INSERT INTO recharge (account_id, asset_code, enabled, threshold, size_mode, size, monthly_cap_cents, disabled_reason,
    blocked_until, changed_by, created_at, updated_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11)
  ON CONFLICT (account_id) DO UPDATE SET asset_code = excluded.asset_code, enabled = excluded.enabled, threshold = excluded.threshold,
    size_mode = excluded.size_mode, size = excluded.size, monthly_cap_cents = excluded.monthly_cap_cents,
    disabled_reason = excluded.disabled_reason, blocked_until = excluded.blocked_until, changed_by = excluded.changed_by,
    updated_at = excluded.updated_at`
const DISABLE = `UPDATE recharge SET enabled = false, disabled_reason = $2, blocked_until = NULL, changed_by = $3, updated_at = $4
  WHERE account_id = $1 AND enabled RETURNING account_id`
const BLOCK = 'UPDATE recharge SET blocked_until = $2, updated_at = $3 WHERE account_id = $1'
const CHARGED = `SELECT coalesce(sum(amount_cents), 0)::bigint AS charged FROM payment
  WHERE account_id = $1 AND kind = 'recharge' AND status NOT IN ('failed', 'cancelled') AND created_at >= $2 AND created_at < $3`

/** What is set for an account, or null. */
export async function findRecharge(accountId: string): Promise<RechargeSetting | null> {
  return first(await query(ONE, [accountId]))
}

/** The same inside a transaction that decides by it. Whoever changes it holds the wallet's lock. */
export async function readRecharge(tx: Tx, accountId: string): Promise<RechargeSetting | null> {
  return first(await tx.query(ONE, [accountId]))
}

/** Replaces what is set. Under the wallet's lock. */
export async function saveRecharge(
  tx: Tx,
  accountId: string,
  setting: RechargeSetting,
  changedBy: string,
  now: Date,
): Promise<void> {
  const { assetCode, enabled, threshold, size, monthlyCapCents, disabledReason, blockedUntil } = setting
  const values = [accountId, assetCode, enabled, threshold, size.mode, size.size, monthlyCapCents, disabledReason]
  await tx.query(SAVE, [...values, blockedUntil, changedBy, now])
}

/** Turns auto-recharge off and keeps what was set. False when it was off. */
export async function disableRecharge(
  tx: Tx,
  accountId: string,
  reason: RechargeOff,
  changedBy: string,
  now: Date,
): Promise<boolean> {
  return (await tx.query(DISABLE, [accountId, reason, changedBy, now])).length > 0
}

/** The month's cap is reached until an instant; null: it no longer is. */
export async function blockRecharge(tx: Tx, accountId: string, until: Date | null, now: Date): Promise<void> {
  await tx.query(BLOCK, [accountId, until, now])
}

/** What recharges took, or are taking, from an instant on until another (excluded), in US cents. */
export async function sumRecharged(tx: Tx, accountId: string, from: Date, to: Date): Promise<Cents> {
  const [row] = await tx.query(CHARGED, [accountId, from, to])
  return cents(row?.['charged'] as bigint)
}

function first([row]: readonly Row[]): RechargeSetting | null {
  if (row === undefined) return null
  const cap = row['monthly_cap_cents'] as bigint | null
  return {
    assetCode: row['asset_code'] as string,
    enabled: row['enabled'] as boolean,
    threshold: amount(row['threshold'] as bigint),
    size: { mode: row['size_mode'] as RechargeSize['mode'], size: amount(row['size'] as bigint) },
    monthlyCapCents: cap === null ? null : cents(cap),
    disabledReason: row['disabled_reason'] as RechargeOff | null,
    blockedUntil: row['blocked_until'] as Date | null,
  }
}
