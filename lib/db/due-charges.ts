import 'server-only'

import type { ChargeStatus } from '@/lib/billing/rules/auto-charge'

import { query } from './pool'

/** The account's own time: that of its test clock, or else the instant that is asked for. */
const OWN_TIME = 'coalesce(a.clock_at, $1)'

/** Postpaid accounts that a mode is set for, with the cutover and the start of what is not invoiced yet. */
const postpaid = (mode: string, accounts: string): string => `SELECT a.id, a.time_zone, ${OWN_TIME} AS own_time,
    (${mode} ->> 'postpaid_until')::timestamptz AS cutover, coalesce(c.invoiced_until, a.created_at) AS start
  FROM ${accounts} LEFT JOIN auto_charge c ON c.account_id = a.id WHERE jsonb_typeof(${mode}) = 'object'`
const BY_ACCOUNT = postpaid(`a.policy -> 'billing_mode'`, 'billing_account a')
const BY_OPERATOR = `${postpaid(`o.policy -> 'billing_mode'`, 'operator_setting o CROSS JOIN billing_account a')}
    AND o.id = 1 AND NOT a.policy ? 'billing_mode'`

/** A back-off that is over, debt that is an hour old, a month's cap that is over, a month or a postpaid time that has ended. */
const ACCOUNTS = `(SELECT c.account_id FROM auto_charge c JOIN billing_account a ON a.id = c.account_id
    WHERE c.retry_at <= ${OWN_TIME} LIMIT $2)
  UNION (SELECT c.account_id FROM auto_charge c JOIN billing_account a ON a.id = c.account_id
    WHERE c.debt_since <= ${OWN_TIME} - interval '1 hour' AND c.status = 'armed' LIMIT $2)
  UNION (SELECT r.account_id FROM recharge r JOIN billing_account a ON a.id = r.account_id
    LEFT JOIN auto_charge c ON c.account_id = r.account_id
    WHERE r.blocked_until <= ${OWN_TIME} AND r.enabled AND coalesce(c.status, 'armed') = 'armed' LIMIT $2)
  UNION (SELECT p.id FROM (${BY_ACCOUNT} UNION ALL ${BY_OPERATOR}) p WHERE p.start < p.cutover AND least(p.cutover,
    (date_trunc('month', p.start AT TIME ZONE p.time_zone) + interval '1 month') AT TIME ZONE p.time_zone) <= p.own_time LIMIT $2)
  LIMIT $2`

/** Some accounts that may be charged for something without a person: by their test clock, or else by `until`. In no order. */
export async function accountsWithDueCharges(until: Date, limit: number): Promise<readonly string[]> {
  return (await query(ACCOUNTS, [until, limit])).map((row) => row['account_id'] as string)
}

/** What says when an account's charges fall due next, in one look: it is asked for at every step of a moved clock. */
export type ChargeTimes = {
  readonly clockAt: Date | null
  readonly status: ChargeStatus
  readonly retryAt: Date | null
  readonly debtSince: Date | null
  /** From where on usage is not invoiced yet. */
  readonly uninvoicedFrom: Date
  /** The month's cap is reached until then; null: it is not, or auto-recharge is off. */
  readonly blockedUntil: Date | null
}

const TIMES = `SELECT a.clock_at, a.created_at, c.status, c.retry_at, c.debt_since, c.invoiced_until,
    CASE WHEN r.enabled THEN r.blocked_until END AS blocked_until
  FROM billing_account a LEFT JOIN auto_charge c ON c.account_id = a.id LEFT JOIN recharge r ON r.account_id = a.id WHERE a.id = $1`

/** Reads them, or null when there is no such account. */
export async function readChargeTimes(accountId: string): Promise<ChargeTimes | null> {
  const [row] = await query(TIMES, [accountId])
  if (row === undefined) return null
  return {
    clockAt: row['clock_at'] as Date | null,
    status: (row['status'] as ChargeStatus | null) ?? 'armed',
    retryAt: row['retry_at'] as Date | null,
    debtSince: row['debt_since'] as Date | null,
    uninvoicedFrom: (row['invoiced_until'] ?? row['created_at']) as Date,
    blockedUntil: row['blocked_until'] as Date | null,
  }
}
