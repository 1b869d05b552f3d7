import 'server-only'

import type { EntryKind } from '@/lib/ledger/types'

import { readEntryLine, type EntryLine } from './entries'
import { query } from './pool'

/** Which lines of an account's journals are wanted; null = any. Ids are UUIDs, and they rise with time. */
export type StreamFilter = {
  /** Only lines written after this one. */
  readonly after: string | null
  /** Only lines written before this one. */
  readonly before: string | null
  readonly walletIds: readonly string[] | null
  readonly kind: EntryKind | null
  /** `occurredAt` at or after, and before, these instants. */
  readonly from: Date | null
  readonly to: Date | null
  /** Whether instants may be far from the real time of writing, which ids are made from: of an account that had a test clock. */
  readonly hasOwnTime: boolean
}

const COLUMNS = `e.id, e.wallet_id, e.sequence, e.kind, e.amount, e.balance_after, e.debt_change, e.occurred_at, e.created_at,
  e.idempotency_key, e.actor, e.description, e.grant_id, e.payment_id, e.event_id, e.hold_id, e.reverses_entry_id, e.previous_hash, e.hash`

const WANTED = `e.account_id = $1 AND e.id > $2 AND e.id < $3 AND ($4::uuid[] IS NULL OR e.wallet_id = ANY($4))
  AND ($5::text IS NULL OR e.kind = $5) AND ($6::timestamptz IS NULL OR e.occurred_at >= $6)
  AND ($7::timestamptz IS NULL OR e.occurred_at < $7)`
/** Lines other than usage are few and have an index of their own: read whole, then sorted, never searched for among usage. */
const RARE = `WITH rare AS MATERIALIZED (SELECT ${COLUMNS} FROM entry e WHERE ${WANTED} AND e.kind <> 'usage')
  SELECT * FROM rare AS e ORDER BY e.id`
const ANY = `SELECT ${COLUMNS} FROM entry e WHERE ${WANTED} ORDER BY e.id`
const USAGE = `SELECT ${COLUMNS} FROM entry e WHERE ${WANTED} AND e.kind = 'usage' ORDER BY e.id`

const FIRST_ID = '00000000-0000-0000-0000-000000000000'
const LAST_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff'
const LATEST_ID_MS = 2 ** 48 - 1
/** Usage is written between 5 minutes before it occurred and 34 days after (api.md, Usage event); a minute on top for good measure. */
const LONGEST_LEAD_MS = 6 * 60_000
const LONGEST_DELAY_MS = 34 * 86_400_000 + 60_000

/**
 * The newest (or oldest) lines that pass the filter, at most `limit`, in that order. With instants, usage is looked for only among
 * ids of the time in which it can have been written.
 */
export async function readStream(
  accountId: string,
  filter: StreamFilter,
  order: 'newest' | 'oldest',
  limit: number,
): Promise<readonly EntryLine[]> {
  const hasInstants = filter.from !== null || filter.to !== null
  const read = (sql: string, bounds: { readonly after: string; readonly before: string }) => {
    const { walletIds, kind, from, to } = filter
    const parameters = [accountId, bounds.after, bounds.before, walletIds, kind, from, to, limit]
    return query(`${sql} ${order === 'newest' ? 'DESC' : 'ASC'} LIMIT $8`, parameters)
  }
  const all = { after: filter.after ?? FIRST_ID, before: filter.before ?? LAST_ID }
  if (filter.kind === null && !hasInstants) return (await read(ANY, all)).map(readEntryLine)
  if (filter.kind !== null && filter.kind !== 'usage') return (await read(RARE, all)).map(readEntryLine)
  const usage = read(USAGE, usageBounds(filter, all))
  const [usual, rare] = await Promise.all([usage, filter.kind === null ? read(RARE, all) : []])
  const sign = order === 'newest' ? -1 : 1
  const lines = [...usual, ...rare].map(readEntryLine)
  return lines.sort((left, right) => (left.id < right.id ? -sign : sign)).slice(0, limit)
}

function usageBounds(
  { from, to, hasOwnTime }: StreamFilter,
  all: { readonly after: string; readonly before: string },
): { readonly after: string; readonly before: string } {
  if (hasOwnTime) return all
  const after = from === null ? FIRST_ID : idAt(from.getTime() - LONGEST_LEAD_MS)
  const before = to === null ? LAST_ID : idAt(to.getTime() + LONGEST_DELAY_MS)
  return { after: after > all.after ? after : all.after, before: before < all.before ? before : all.before }
}

/** No id made at or after this instant is smaller: ids begin with the milliseconds since 1970 in 48 bits. */
function idAt(milliseconds: number): string {
  const clamped = Math.min(Math.max(milliseconds, 0), LATEST_ID_MS)
  const digits = clamped.toString(16).padStart(12, '0')
  return `${digits.slice(0, 8)}-${digits.slice(8)}-0000-0000-000000000000`
}
