import 'server-only'

import type { EntryKind } from '@/lib/ledger/types'

import { readEntryLine, type EntryLine } from './entries'
import { query, type Row } from './pool'

/** A stretch of a wallet's journal, both ends included. */
export type JournalSpan = {
  readonly accountId: string
  readonly walletId: string
  readonly first: bigint
  readonly last: bigint
}

/** Which lines of a stretch are wanted. */
export type LineFilter = {
  /** Empty: every kind. */
  readonly kinds: readonly EntryKind[]
  /** Smallest size of the amount, whatever its sign, in smallest units; 0 = any. */
  readonly minimum: bigint
  /** Part of the description, of the event's id, key or member, or one of these actors; null = any. */
  readonly text: { readonly part: string; readonly actors: readonly string[] } | null
}

/** What some lines add up to. */
export type LineTotals = { readonly rows: bigint; readonly added: bigint; readonly spent: bigint }

const COLUMNS = `e.id, e.wallet_id, e.sequence, e.kind, e.amount, e.balance_after, e.debt_change, e.occurred_at, e.created_at,
  e.idempotency_key, e.actor, e.description, e.grant_id, e.payment_id, e.event_id, e.hold_id, e.reverses_entry_id, e.previous_hash, e.hash`
const TOTALS = `count(*) AS rows, coalesce(sum(e.amount) FILTER (WHERE e.amount > 0), 0) AS added,
  coalesce(-sum(e.amount) FILTER (WHERE e.amount < 0), 0) AS spent`

const SPAN = 'e.account_id = $1 AND e.wallet_id = $2 AND e.sequence BETWEEN $3 AND $4'
const ANY_LINE = `FROM entry e WHERE ${SPAN} AND (cardinality($5::text[]) = 0 OR e.kind = ANY($5::text[])) AND abs(e.amount) >= $6`
/** Says `kind <> 'usage'` in so many words: that is what the index without usage lines is found by. */
const RARE_LINE = `FROM entry e WHERE ${SPAN} AND e.kind <> 'usage' AND e.kind = ANY($5::text[]) AND abs(e.amount) >= $6`
/** The event is looked up per line, by its key: joined as a set it would be read whole. */
const TEXT_LINE = `FROM entry e LEFT JOIN LATERAL (
    SELECT u.key_label, u.member FROM usage_event u WHERE u.account_id = e.account_id AND u.id = e.event_id LIMIT 1
  ) AS u ON true
  WHERE ${SPAN} AND (cardinality($5::text[]) = 0 OR e.kind = ANY($5::text[])) AND abs(e.amount) >= $6
    AND (e.actor = ANY($8::text[]) OR strpos(lower(concat_ws(' ', e.description, e.event_id, u.key_label, u.member)), $7) > 0)`

/**
 * Lines of a stretch that pass the filter, at most `limit`, from its newest end or from its oldest. The caller bounds the stretch:
 * every line in it may be looked at, except when only kinds other than usage are wanted.
 */
export async function readLines(
  span: JournalSpan,
  filter: LineFilter,
  from: 'newest' | 'oldest',
  limit: number,
): Promise<readonly EntryLine[]> {
  const { where, parameters } = condition(span, filter)
  const order = from === 'newest' ? 'DESC' : 'ASC'
  const statement = `SELECT ${COLUMNS} ${where} ORDER BY e.sequence ${order} LIMIT $${parameters.length + 1}`
  return (await query(statement, [...parameters, limit])).map(readEntryLine)
}

/** What the lines of a stretch that pass the filter add up to. The same bound applies as for `readLines`. */
export async function totalLines(span: JournalSpan, filter: LineFilter): Promise<LineTotals> {
  const { where, parameters } = condition(span, filter)
  return readTotals(await query(`SELECT ${TOTALS} ${where}`, parameters))
}

/** Whether the lines that are wanted are among the few that are not usage, for which there is an index. */
export function isRare({ kinds, text }: LineFilter): boolean {
  return text === null && kinds.length > 0 && !kinds.includes('usage')
}

function condition(span: JournalSpan, filter: LineFilter): { readonly where: string; readonly parameters: unknown[] } {
  const parameters = [span.accountId, span.walletId, span.first, span.last, filter.kinds, filter.minimum]
  if (filter.text !== null) {
    return { where: TEXT_LINE, parameters: [...parameters, filter.text.part.toLowerCase(), filter.text.actors] }
  }
  return { where: isRare(filter) ? RARE_LINE : ANY_LINE, parameters }
}

/** Sums of bigint are `numeric` in PostgreSQL, so they arrive as text. */
function readTotals([row]: readonly Row[]): LineTotals {
  if (row === undefined) throw new Error('an aggregate answered nothing')
  return {
    rows: row['rows'] as bigint,
    added: BigInt(row['added'] as string),
    spent: BigInt(row['spent'] as string),
  }
}
