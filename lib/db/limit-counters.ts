import 'server-only'

import type { LimitPlace } from './holds'
import type { Row, Tx } from './pool'

/** The counter of a spend limit in an account: what was spent there, and what open holds have reserved. */
export type LimitCount = LimitPlace & {
  readonly accountId: string
  readonly asset: string
  /** In smallest units; a sum over a period, which may be more than any one amount. */
  readonly used: bigint
  readonly reserved: bigint
}

/** A counter that is wanted, with the first and last day of its period in the account's time zone (`YYYY-MM-DD`; null: no such end). */
export type WantedLimitCount = Omit<LimitCount, 'used' | 'reserved'> & {
  readonly firstDay: string | null
  readonly lastDay: string | null
}

const PLACES = `unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::timestamptz[])
  AS u (account_id, scope, subject, asset_code, period, period_start)`
const READ = `SELECT c.account_id, c.scope, c.subject, c.asset_code, c.period, c.period_start, c.used, c.reserved
  FROM limit_counter c JOIN ${PLACES} USING (account_id, scope, subject, asset_code, period, period_start)`
/** A limit that is new to a period counts what was used before it was made: the rollup knows. */
const USED_BEFORE = `SELECT coalesce(sum(d.amount), 0)::text AS used FROM daily_usage d
  JOIN wallet w ON w.account_id = d.account_id AND w.id = d.wallet_id
  WHERE d.account_id = $1 AND w.asset_code = $2 AND ($3::date IS NULL OR d.day >= $3::date) AND ($4::date IS NULL OR d.day <= $4::date)
    AND ($5 = 'organization' OR $6 = CASE $5 WHEN 'member' THEN d.member WHEN 'key' THEN d.key_label ELSE d.resource END)`
const ADD = `INSERT INTO limit_counter AS c (account_id, scope, subject, asset_code, period, period_start, used, reserved)
  SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::timestamptz[], $7::numeric[], $8::numeric[])
  ON CONFLICT (account_id, scope, subject, asset_code, period, period_start) DO UPDATE
  SET used = c.used + excluded.used, reserved = c.reserved + excluded.reserved`
/** What was reserved stands in a row: giving it back never makes one. */
const GIVE_BACK = `UPDATE limit_counter c SET used = c.used + u.used, reserved = greatest(0, c.reserved + u.reserved)
  FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::timestamptz[], $7::numeric[], $8::numeric[])
    AS u (account_id, scope, subject, asset_code, period, period_start, used, reserved)
  WHERE (c.account_id, c.scope, c.subject, c.asset_code, c.period, c.period_start)
    = (u.account_id, u.scope, u.subject, u.asset_code, u.period, u.period_start)`

const LOCK_POOL = 'SELECT id FROM wallet WHERE account_id = $1 AND asset_code = $2 AND member_id IS NULL FOR UPDATE'
/** The days of a counter in the time zone of the account: its first one, and the first one after it. */
const RECOUNT = `UPDATE limit_counter c SET used = coalesce((
    SELECT sum(d.amount) FROM daily_usage d JOIN wallet w ON w.account_id = d.account_id AND w.id = d.wallet_id
    WHERE d.account_id = c.account_id AND w.asset_code = c.asset_code
      AND (c.period = 'total' OR d.day >= (c.period_start AT TIME ZONE $6)::date
        AND d.day < ((c.period_start AT TIME ZONE $6)::date + CASE c.period WHEN 'day' THEN interval '1 day' ELSE interval '1 month' END))
      AND (c.scope = 'organization' OR c.subject = CASE c.scope WHEN 'member' THEN d.member WHEN 'key' THEN d.key_label ELSE d.resource END)
  ), 0)
  WHERE c.account_id = $1 AND c.scope = $2 AND c.asset_code = $3 AND c.period = $4 AND ($5::text IS NULL OR c.subject = $5)
    AND (c.period = 'total' OR c.period_start >= $7)`

/** What a limit counts, and where: the counters of an account's spending in an asset. */
export type LimitedSpending = Pick<LimitPlace, 'scope' | 'period'> & {
  readonly asset: string
  /** Null: each subject by itself. */
  readonly subject: string | null
}

/**
 * Brings the counters up to date that a limit is about to count in, from the rollup: while no limit counted there, nothing was added to
 * them. `since` is the start of the earliest period that usage may still be reported in. Locks the pool wallet of the asset; call it under
 * the account's lock.
 */
export async function recountSpending(
  tx: Tx,
  { id: accountId, timeZone }: { readonly id: string; readonly timeZone: string },
  { scope, subject, asset, period }: LimitedSpending,
  since: Date,
): Promise<void> {
  await tx.query(LOCK_POOL, [accountId, asset])
  await tx.query(RECOUNT, [accountId, scope, asset, period, subject, timeZone, since])
}

/**
 * The counters of spend limits, made up from the rollup where there are none yet (they are written when they grow). Call under the lock of
 * the account's pool wallet of the asset: it is what keeps two spenders from passing one limit together.
 */
export async function readLimitCounts(
  tx: Tx,
  wanted: readonly WantedLimitCount[],
): Promise<readonly (LimitCount & { readonly isNew: boolean })[]> {
  if (wanted.length === 0) return []
  const known = new Map((await tx.query(READ, placesOf(wanted))).map((row) => [keyOfRow(row), row]))
  const counts: (LimitCount & { readonly isNew: boolean })[] = []
  for (const place of wanted) {
    const row = known.get(limitCountKey(place))
    const { accountId, scope, subject, asset, period, periodStart } = place
    const named = { accountId, scope, subject, asset, period, periodStart }
    if (row === undefined) {
      const used = await readUsedBefore(tx, place)
      counts.push({ ...named, used, reserved: 0n, isNew: true })
    } else {
      const used = BigInt(row['used'] as string)
      counts.push({ ...named, used, reserved: BigInt(row['reserved'] as string), isNew: false })
    }
  }
  return counts
}

/** Adds to counters, each named once, under the same lock. A counter that was made up from the rollup is given whole. */
export async function addToLimitCounts(tx: Tx, added: readonly LimitCount[]): Promise<void> {
  const grown = added.filter(({ reserved }) => reserved >= 0n)
  const freed = added.filter(({ reserved }) => reserved < 0n)
  await Promise.all([changeCounts(tx, ADD, grown), changeCounts(tx, GIVE_BACK, freed)])
}

async function changeCounts(tx: Tx, sql: string, changes: readonly LimitCount[]): Promise<void> {
  if (changes.length === 0) return
  const used = changes.map((change) => change.used)
  await tx.query(sql, [...placesOf(changes), used, changes.map(({ reserved }) => reserved)])
}

/** A text that names a counter. */
export function limitCountKey(place: Omit<LimitCount, 'used' | 'reserved'>): string {
  const { accountId, scope, subject, asset, period, periodStart } = place
  return [accountId, scope, asset, period, periodStart.getTime().toString(), subject].join(' ')
}

async function readUsedBefore(tx: Tx, place: WantedLimitCount): Promise<bigint> {
  const { accountId, asset, firstDay, lastDay, scope, subject } = place
  const [row] = await tx.query(USED_BEFORE, [accountId, asset, firstDay, lastDay, scope, subject])
  return BigInt((row?.['used'] as string | undefined) ?? '0')
}

function placesOf(places: readonly Omit<LimitCount, 'used' | 'reserved'>[]): readonly unknown[][] {
  return [
    places.map(({ accountId }) => accountId),
    places.map(({ scope }) => scope),
    places.map(({ subject }) => subject),
    places.map(({ asset }) => asset),
    places.map(({ period }) => period),
    places.map(({ periodStart }) => periodStart),
  ]
}

function keyOfRow(row: Row): string {
  return limitCountKey({
    accountId: row['account_id'] as string,
    scope: row['scope'] as LimitPlace['scope'],
    subject: row['subject'] as string,
    asset: row['asset_code'] as string,
    period: row['period'] as LimitPlace['period'],
    periodStart: row['period_start'] as Date,
  })
}
