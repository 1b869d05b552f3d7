import 'server-only'

import { findEntryAt, type EntryLine } from '@/lib/db/entries'
import { isRare, readLines, type JournalSpan } from '@/lib/db/entry-pages'
import { readUnsettledPayments, type PaymentFacts, type PaymentPlace } from '@/lib/db/payments-read'

import type { HistoryItem } from './entry-rows'
import type { HistoryPlace } from './history-cursor'
import { newestPlace, type HistoryList } from './history-list'
import { mergeNewest, mergeOldest } from './rules/merge-newest'

/** Rows of a list, newest first, and the places before and after them; null where the list ends. */
export type HistoryPage = {
  readonly items: readonly HistoryItem[]
  readonly newer: HistoryPlace | null
  readonly older: HistoryPlace | null
}

/** A search looks at no more lines than this for one page; the next page goes on from there. */
export const LONGEST_SCAN = 10_000n

type Placed = { readonly writtenAt: Date; readonly item: HistoryItem }

/** The rows before a place, or the newest rows. At most `size`; fewer before the end only when a search found no more in its stretch. */
export async function readOlderPage(list: HistoryList, from: HistoryPlace | null, size: number): Promise<HistoryPage> {
  const place = from ?? newestPlace(list)
  const last = smaller(list.last, place.sequence - 1n)
  const first = isRare(list.lines) ? list.first : larger(list.first, last - LONGEST_SCAN + 1n)
  const span = spanOf(list, first, last)
  const [lines, payments] = await Promise.all([
    span === null ? [] : readLines(span, list.lines, 'newest', size + 1),
    readPayments(list, 'older', place.payment, size + 1),
  ])
  const isCut = span !== null && lines.length <= size && first > list.first
  const reach = isCut ? await findEntryAt(list.accountId, span.walletId, first) : null
  const reached = reach === null ? payments : payments.filter(({ createdAt }) => createdAt >= reach.createdAt)
  const merged = mergeNewest(lines.map(placeLine(list)), reached.map(placePayment(list)), size)
  const hasMore = isCut || lines.length + reached.length > size
  const older = hasMore
    ? placeBefore(merged, isCut && lines.length + reached.length <= size ? first : null, place)
    : null
  return { items: merged.map(({ item }) => item), newer: from, older }
}

/** The rows from a place on. Where they would not fill a page, the newest page: it holds them all. */
export async function readNewerPage(list: HistoryList, place: HistoryPlace, size: number): Promise<HistoryPage> {
  const first = larger(list.first, place.sequence)
  const last = isRare(list.lines) ? list.last : smaller(list.last, first + LONGEST_SCAN - 1n)
  const span = spanOf(list, first, last)
  const [lines, payments] = await Promise.all([
    span === null ? [] : readLines(span, list.lines, 'oldest', size + 1),
    readPayments(list, 'newer', place.payment, size + 1),
  ])
  if (lines.length + payments.length <= size) return readOlderPage(list, null, size)
  const merged = mergeOldest(lines.map(placeLine(list)), payments.map(placePayment(list)), size)
  return { items: merged.map(({ item }) => item).toReversed(), newer: placeAfter(merged, place), older: place }
}

function placeBefore(merged: readonly Placed[], scannedTo: bigint | null, start: HistoryPlace): HistoryPlace {
  const line = merged.findLast(({ item }) => item.kind === 'entry')?.item
  const payment = merged.findLast(({ item }) => item.kind === 'payment')?.item
  const sequence = line?.kind === 'entry' ? line.line.sequence : start.sequence
  return { sequence: scannedTo ?? sequence, payment: payment?.kind === 'payment' ? payment.payment : start.payment }
}

function placeAfter(merged: readonly Placed[], start: HistoryPlace): HistoryPlace {
  const line = merged.findLast(({ item }) => item.kind === 'entry')?.item
  const payment = merged.findLast(({ item }) => item.kind === 'payment')?.item
  return {
    sequence: line?.kind === 'entry' ? line.line.sequence + 1n : start.sequence,
    payment: payment?.kind === 'payment' ? justAfter(payment.payment) : start.payment,
  }
}

/** The first place after a payment: no id lies between a UUID and the next one. */
function justAfter({ createdAt, id }: PaymentPlace): PaymentPlace {
  const next = (BigInt(`0x${id.replaceAll('-', '')}`) + 1n).toString(16).padStart(32, '0')
  return { createdAt, id: next.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5') }
}

function spanOf({ accountId, wallet }: HistoryList, first: bigint, last: bigint): JournalSpan | null {
  return wallet.book === null || first > last ? null : { accountId, walletId: wallet.book.wallet.id, first, last }
}

async function readPayments(
  { accountId, payments }: HistoryList,
  direction: 'older' | 'newer',
  place: PaymentPlace,
  limit: number,
): Promise<readonly PaymentFacts[]> {
  return payments === null ? [] : readUnsettledPayments(accountId, payments, direction, place, limit)
}

function placeLine({ wallet: { asset } }: HistoryList): (line: EntryLine) => Placed {
  return (line) => ({ writtenAt: line.createdAt, item: { kind: 'entry', line, asset } })
}

function placePayment({ wallet: { asset } }: HistoryList): (payment: PaymentFacts) => Placed {
  return (payment) => ({ writtenAt: payment.createdAt, item: { kind: 'payment', payment, asset } })
}

function smaller(left: bigint, right: bigint): bigint {
  return left < right ? left : right
}

function larger(left: bigint, right: bigint): bigint {
  return left > right ? left : right
}
