import 'server-only'

import { can } from '@/lib/auth/rules/permissions'
import { accountClock, type Clock } from '@/lib/clock'
import type { PurserError } from '@/lib/errors'
import { err, ok, type Result } from '@/lib/result'

import { showHistoryItems, type HistoryItem } from './entry-rows'
import type { HistoryFilters, HistoryPageDto } from './history-contract'
import { readCursor, writeCursor, type HistoryPlace } from './history-cursor'
import { openHistoryList, type HistoryList } from './history-list'
import { readNewerPage, readOlderPage, type HistoryPage } from './history-pages'
import { findById } from './history-search'
import { totalHistory, type HistoryTotals } from './history-totals'
import { readWallets, type Reader, type ReadWallet } from './reader'
import { showAmount, showAsset, showOrganization } from './show'

/**
 * A page of the credit history. Pages go by key, so lines that arrive meanwhile shift nothing, and no page costs more for an older
 * account. A cursor that is not of this list is refused: the newest rows are shown, and `isCursorRefused` says so. Errors: forbidden.
 */
export async function readHistory(
  reader: Reader,
  filters: HistoryFilters,
  clock: Clock,
): Promise<Result<HistoryPageDto, PurserError>> {
  if (!can(reader.actor, 'history:read', { organizationId: reader.organization.id })) return err({ code: 'forbidden' })
  const now = accountClock(reader.account, clock).now()
  const wallets = await readWallets(reader)
  const found = await findById(reader, wallets, filters.q)
  const list = await openHistoryList(reader, wallets, filters, now)
  const place = placeIn(list, filters)
  const page = found === null ? await readPage(list, filters, place) : { items: found, newer: null, older: null }
  const totals = found === null ? await totalHistory(list) : totalItems(found)
  return ok({
    now: now.toISOString(),
    organization: showOrganization(reader),
    asset: showAsset(wallets.main.asset),
    filters,
    rows: await showHistoryItems(reader.account.id, page.items),
    newerCursor: page.newer === null ? null : writeCursor(page.newer, list.key),
    olderCursor: page.older === null ? null : writeCursor(page.older, list.key),
    subtotal: showTotals(totals, wallets.main),
    isCursorRefused: place === 'refused',
    hasAnyEntry: page.items.length > 0 || (wallets.main.book?.wallet.lastSequence ?? 0n) > 0n,
  })
}

function placeIn(list: HistoryList, { before, after }: HistoryFilters): HistoryPlace | null | 'refused' {
  const cursor = before ?? after
  if (cursor === null) return null
  return readCursor(cursor, list.key) ?? 'refused'
}

async function readPage(
  list: HistoryList,
  { before, size }: HistoryFilters,
  place: HistoryPlace | null | 'refused',
): Promise<HistoryPage> {
  if (place === null || place === 'refused') return readOlderPage(list, null, size)
  return before === null ? readNewerPage(list, place, size) : readOlderPage(list, place, size)
}

function totalItems(items: readonly HistoryItem[]): HistoryTotals {
  const amounts = items.flatMap((item) => (item.kind === 'entry' ? [item.line.amount] : []))
  const sumOf = (isWanted: (amount: bigint) => boolean) =>
    amounts.filter(isWanted).reduce((sum, next) => sum + next, 0n)
  return {
    rows: BigInt(amounts.length),
    added: sumOf((amount) => amount > 0n),
    spent: -sumOf((amount) => amount < 0n),
    isPartial: false,
  }
}

function showTotals(
  { rows, added, spent, isPartial }: HistoryTotals,
  { asset }: ReadWallet,
): HistoryPageDto['subtotal'] {
  const show = (units: bigint) => showAmount(units, asset)
  return { rows: Number(rows), added: show(added), spent: show(spent), net: show(added - spent), isPartial }
}
