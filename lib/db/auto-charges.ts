import 'server-only'

import { ARMED, type ChargeState, type ChargeStatus, type ChargeTrouble } from '@/lib/billing/rules/auto-charge'

import { query, type Row, type Tx } from './pool'

/** How the charges of an account without a person go, and what they are for besides recharges. */
export type AutoCharge = {
  readonly state: ChargeState
  /** Since when there is debt that is charged by itself; null: none. */
  readonly debtSince: Date | null
  /** Postpaid: up to here everything that was owed stands on an invoice. Null: no month was closed yet. */
  readonly invoicedUntil: Date | null
}

const NONE: AutoCharge = { state: ARMED, debtSince: null, invoicedUntil: null }

const ONE = `SELECT status, declines, retry_at, payment_id, reason, message, fingerprint, debt_since, invoiced_until
  FROM auto_charge WHERE account_id = $1`
const LOCK = `${ONE} FOR UPDATE`
const SAVE = `INSERT INTO auto_charge (account_id, status, declines, retry_at, payment_id, reason, message, fingerprint, debt_since,
    invoiced_until, updated_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
  ON CONFLICT (account_id) DO UPDATE SET status = excluded.status, declines = excluded.declines, retry_at = excluded.retry_at,
    payment_id = excluded.payment_id, reason = excluded.reason, message = excluded.message, fingerprint = excluded.fingerprint,
    debt_since = excluded.debt_since, invoiced_until = excluded.invoiced_until, updated_at = excluded.updated_at`
const BEGIN_POSTPAID = `INSERT INTO auto_charge (account_id, status, invoiced_until, updated_at)
  SELECT id, 'armed', coalesce(clock_at, $2), coalesce(clock_at, $2) FROM billing_account WHERE id = $1
  ON CONFLICT (account_id) DO UPDATE SET invoiced_until = coalesce(auto_charge.invoiced_until, excluded.invoiced_until)`

/** How an account's charges stand. */
export async function findAutoCharge(accountId: string): Promise<AutoCharge> {
  return read(await query(ONE, [accountId]))
}

/** The same, locked until the transaction ends. Lock the account and the wallet first and the payment afterwards. */
export async function lockAutoCharge(tx: Tx, accountId: string): Promise<AutoCharge> {
  return read(await tx.query(LOCK, [accountId]))
}

/** Writes how an account's charges stand. The caller holds the wallet's lock or has locked the row. */
export async function saveAutoCharge(tx: Tx, accountId: string, charge: AutoCharge, now: Date): Promise<void> {
  const { status, declines, retryAt, paymentId, reason, message, fingerprint } = charge.state
  const values = [accountId, status, declines, retryAt, paymentId, reason, message, fingerprint]
  await tx.query(SAVE, [...values, charge.debtSince, charge.invoicedUntil, now])
}

/** The usage of an account is invoiced from now on; from earlier, if it was before. */
export async function beginPostpaid(accountId: string, now: Date): Promise<void> {
  await query(BEGIN_POSTPAID, [accountId, now])
}

function read([row]: readonly Row[]): AutoCharge {
  if (row === undefined) return NONE
  return {
    state: {
      status: row['status'] as ChargeStatus,
      declines: row['declines'] as number,
      retryAt: row['retry_at'] as Date | null,
      paymentId: row['payment_id'] as string | null,
      reason: row['reason'] as ChargeTrouble | null,
      message: row['message'] as string | null,
      fingerprint: row['fingerprint'] as string | null,
    },
    debtSince: row['debt_since'] as Date | null,
    invoicedUntil: row['invoiced_until'] as Date | null,
  }
}
