import 'server-only'

import { query, type Tx } from './pool'

const NEXT = 'SELECT min(due_at) AS due_at FROM run WHERE account_id = $1 AND due_at IS NOT NULL'
const DUE = `SELECT id FROM run WHERE account_id = $1 AND due_at <= $2 AND id > $3 ORDER BY id LIMIT $4`
const RUNNING = `SELECT id FROM run WHERE account_id = $1 AND due_at IS NOT NULL AND status = 'running' AND id > $2 ORDER BY id LIMIT $3`
const BEFORE_ALL = '00000000-0000-0000-0000-000000000000'
/** An account whose clock stands still has due what is due by that clock, be it ahead of real time or behind it. */
const ACCOUNTS = `(SELECT DISTINCT r.account_id FROM run r JOIN billing_account a ON a.id = r.account_id
    WHERE r.due_at <= $1 AND a.clock_at IS NULL LIMIT $2)
  UNION ALL
  (SELECT a.id FROM billing_account a
    WHERE a.clock_at IS NOT NULL AND EXISTS (SELECT FROM run r WHERE r.account_id = a.id AND r.due_at <= a.clock_at) LIMIT $2)
  LIMIT $2`
const WAKE = `UPDATE run SET due_at = $2 WHERE account_id = $1 AND status = 'paused' AND pause_reason = 'insufficient_credits' AND due_at > $2`

/** When the first run of an account is to be looked at, or null. */
export async function nextRunDue(accountId: string): Promise<Date | null> {
  const [row] = await query(NEXT, [accountId])
  return (row?.['due_at'] ?? null) as Date | null
}

/** A page of runs in the order of their ids: those after one, or the first. */
export type RunPage = { readonly after: string | null; readonly limit: number }

/** The runs of an account that are to be looked at by an instant. */
export async function findDueRuns(accountId: string, until: Date, page: RunPage): Promise<readonly string[]> {
  const rows = await query(DUE, [accountId, until, page.after ?? BEFORE_ALL, page.limit])
  return rows.map((row) => row['id'] as string)
}

/** The runs of an account that run. */
export async function findRunningRuns(accountId: string, page: RunPage): Promise<readonly string[]> {
  const rows = await query(RUNNING, [accountId, page.after ?? BEFORE_ALL, page.limit])
  return rows.map((row) => row['id'] as string)
}

/** Accounts with runs that are to be looked at by an instant. */
export async function findAccountsWithDueRuns(until: Date, limit: number): Promise<readonly string[]> {
  return (await query(ACCOUNTS, [until, limit])).map((row) => row['account_id'] as string)
}

/**
 * Has the runs that are paused for want of credit looked at now. Call it in the transaction that brings the credit: they resume with the
 * next look of the worker, not with the next minute.
 */
export async function wakePausedRuns(tx: Tx, accountId: string, now: Date): Promise<void> {
  await tx.query(WAKE, [accountId, now])
}
