import 'server-only'

import { query } from './pool'

/** Spend of one day of one wallet, in smallest units. Days are `YYYY-MM-DD` in the account's time zone. */
export type DaySpend = { readonly day: string; readonly amount: bigint }

/** Spend of some days by what was used. Empty text means "none". */
export type ShapeSpend = {
  readonly meter: string
  readonly model: string
  readonly member: string
  readonly feature: string
  readonly amount: bigint
}

/** Spend of some days on one deployment, or else model, or else meter (`isMeter`). */
export type SubjectSpend = { readonly subject: string; readonly isMeter: boolean; readonly amount: bigint }

const WINDOW = 'account_id = $1 AND day BETWEEN $2::date AND $3::date AND wallet_id = $4'
const BY_DAY = `SELECT day, sum(amount) AS amount FROM daily_usage WHERE ${WINDOW} GROUP BY day ORDER BY day`
const BY_SHAPE = `SELECT meter, model, member, feature, sum(amount) AS amount FROM daily_usage WHERE ${WINDOW} AND amount > 0
  GROUP BY meter, model, member, feature ORDER BY sum(amount) DESC LIMIT $5`
const BY_SUBJECT = `SELECT coalesce(nullif(resource, ''), nullif(model, ''), meter) AS subject,
    bool_and(resource = '' AND model = '') AS is_meter, sum(amount) AS amount
  FROM daily_usage WHERE ${WINDOW} AND amount > 0 GROUP BY subject ORDER BY sum(amount) DESC, subject LIMIT $5`
// Ordered by the key: without an order PostgreSQL may expect to meet a row early and read a whole table of other accounts.
const ANY_DAY = `SELECT day FROM daily_usage WHERE account_id = $1 ORDER BY day LIMIT 1`

/** Spend per day from one day to another, both included, oldest first; days without usage are missing. */
export async function readDailySpend(
  accountId: string,
  walletId: string,
  first: string,
  last: string,
): Promise<readonly DaySpend[]> {
  const rows = await query(BY_DAY, [accountId, first, last, walletId])
  return rows.map((row) => ({ day: row['day'] as string, amount: BigInt(row['amount'] as string) }))
}

/** Spend from one day to another by meter, model, member and feature: the `limit` largest. */
export async function readSpendByShape(
  accountId: string,
  walletId: string,
  first: string,
  last: string,
  limit: number,
): Promise<readonly ShapeSpend[]> {
  const rows = await query(BY_SHAPE, [accountId, first, last, walletId, limit])
  return rows.map((row) => ({
    meter: row['meter'] as string,
    model: row['model'] as string,
    member: row['member'] as string,
    feature: row['feature'] as string,
    amount: BigInt(row['amount'] as string),
  }))
}

/** Spend from one day to another by what it was spent on: the `limit` largest. */
export async function readSpendBySubject(
  accountId: string,
  walletId: string,
  first: string,
  last: string,
  limit: number,
): Promise<readonly SubjectSpend[]> {
  const rows = await query(BY_SUBJECT, [accountId, first, last, walletId, limit])
  return rows.map((row) => ({
    subject: row['subject'] as string,
    isMeter: row['is_meter'] as boolean,
    amount: BigInt(row['amount'] as string),
  }))
}

/** Whether an account ever used anything, from whatever wallet. */
export async function hasAnyUsage(accountId: string): Promise<boolean> {
  return (await query(ANY_DAY, [accountId])).length > 0
}
