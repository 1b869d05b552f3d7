import 'server-only'

import { amount, type Amount } from '@/lib/money/amount'

import type { Row, Tx } from './pool'

/** Whose periods: a plan's, a contract's, or a Lite member's (`subject` is their id, else empty). */
export type PeriodOwner = { readonly source: 'plan' | 'lite' | 'contract'; readonly subject: string }

/** What was granted of an asset for one period. */
export type PeriodGrant = {
  readonly assetCode: string
  readonly start: Date
  readonly end: Date
  readonly granted: Amount
  /** The grants that were made for it and stand. */
  readonly grantIds: readonly string[]
}

const COLUMNS = 'asset_code, period_start, period_end, granted, grant_ids'
const RUNNING = `SELECT ${COLUMNS} FROM period_grant
  WHERE account_id = $1 AND source = $2 AND subject = $3 AND period_end > $4 ORDER BY period_start, asset_code`
const TIMES = `SELECT coalesce(sum(times), 0)::int AS times FROM period_grant
  WHERE account_id = $1 AND source = $2 AND subject = $3 AND asset_code = $4 AND period_start = $5`
const ADD = `INSERT INTO period_grant (account_id, source, subject, asset_code, period_start, period_end, granted, times, grant_ids)
  VALUES ($1, $2, $3, $4, $5, $6, $7, 1, $8)
  ON CONFLICT (account_id, source, subject, asset_code, period_start, period_end) DO UPDATE
  SET granted = period_grant.granted + excluded.granted, times = period_grant.times + 1,
    grant_ids = period_grant.grant_ids || excluded.grant_ids`
const EMPTY = `UPDATE period_grant SET granted = 0, grant_ids = '{}'
  WHERE account_id = $1 AND source = $2 AND subject = $3 AND asset_code = $4 AND period_start = $5 AND period_end = $6`

/** What was granted for periods that end after an instant. Call under the lock of what grants: the account, the member, the contract. */
export async function readPeriodGrants(
  tx: Tx,
  accountId: string,
  { source, subject }: PeriodOwner,
  after: Date,
): Promise<readonly PeriodGrant[]> {
  return (await tx.query(RUNNING, [accountId, source, subject, after])).map(readPeriodGrant)
}

/** How many grants of an asset were ever made for periods that begin at an instant: what tells their journal keys apart. */
export async function countPeriodGrants(
  tx: Tx,
  accountId: string,
  { source, subject }: PeriodOwner,
  period: Pick<PeriodGrant, 'assetCode' | 'start'>,
): Promise<number> {
  const [row] = await tx.query(TIMES, [accountId, source, subject, period.assetCode, period.start])
  return (row?.['times'] ?? 0) as number
}

/** Notes one more grant for a period. In the transaction of its entry. */
export async function addPeriodGrant(
  tx: Tx,
  accountId: string,
  { source, subject }: PeriodOwner,
  { assetCode, start, end, granted, grantIds }: PeriodGrant,
): Promise<void> {
  await tx.query(ADD, [accountId, source, subject, assetCode, start, end, granted, grantIds])
}

/** Notes that nothing of what was granted for a period stands. In the transaction of the entries that took it back. */
export async function emptyPeriodGrant(
  tx: Tx,
  accountId: string,
  { source, subject }: PeriodOwner,
  { assetCode, start, end }: Pick<PeriodGrant, 'assetCode' | 'start' | 'end'>,
): Promise<void> {
  await tx.query(EMPTY, [accountId, source, subject, assetCode, start, end])
}

function readPeriodGrant(row: Row): PeriodGrant {
  return {
    assetCode: row['asset_code'] as string,
    start: row['period_start'] as Date,
    end: row['period_end'] as Date,
    granted: amount(row['granted'] as bigint),
    grantIds: row['grant_ids'] as readonly string[],
  }
}
