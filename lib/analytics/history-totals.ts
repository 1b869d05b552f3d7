import 'server-only'

import { findEntryAt } from '@/lib/db/entries'
import { isRare, totalLines, type JournalSpan, type LineTotals } from '@/lib/db/entry-pages'
import type { EntryKind } from '@/lib/ledger/types'

import { ENTRY_KINDS } from './contract'
import type { HistoryList } from './history-list'
import { LONGEST_SCAN } from './history-pages'

/** What a list adds up to. `isPartial`: only its newest lines were looked at. */
export type HistoryTotals = LineTotals & { readonly isPartial: boolean }

const NOT_USAGE = ENTRY_KINDS.filter((kind) => kind !== 'usage')
const NOTHING: LineTotals = { rows: 0n, added: 0n, spent: 0n }

/**
 * Adds up the booked lines of a list without walking past its usage. Sequences are dense and every line carries the balance after it, so
 * a stretch's lines and their sum follow from its two ends; the few lines that are not usage have an index of their own, and usage is the
 * rest. A search or a smallest amount has to look at lines: then only at the newest 10,000 of the stretch.
 */
export async function totalHistory(list: HistoryList): Promise<HistoryTotals> {
  const { wallet, first, last, lines } = list
  if (wallet.book === null || first > last) return { ...NOTHING, isPartial: false }
  const span: JournalSpan = { accountId: list.accountId, walletId: wallet.book.wallet.id, first, last }
  if (isRare(lines)) return { ...(await totalLines(span, lines)), isPartial: false }
  if (lines.text !== null || lines.minimum > 0n) {
    const from = last - LONGEST_SCAN + 1n
    const isPartial = from > first
    return { ...(await totalLines(isPartial ? { ...span, first: from } : span, lines)), isPartial }
  }
  const everythingElse = await totalKinds(span, NOT_USAGE)
  const usage = await totalUsage(span, everythingElse)
  if (lines.kinds.length === 0) return { ...add(usage, everythingElse), isPartial: false }
  const chosen = lines.kinds.filter((kind) => kind !== 'usage')
  return { ...add(usage, await totalKinds(span, chosen)), isPartial: false }
}

/** Usage is what is left of the stretch without everything else. Its lines only ever spend. */
async function totalUsage(span: JournalSpan, everythingElse: LineTotals): Promise<LineTotals> {
  const { accountId, walletId, first, last } = span
  const [opening, closing] = await Promise.all([
    findEntryAt(accountId, walletId, first),
    findEntryAt(accountId, walletId, last),
  ])
  if (opening === null || closing === null) throw new Error(`the journal of wallet ${walletId} has a gap`)
  const change = closing.balanceAfter - opening.balanceAfter + opening.amount
  const { rows, added, spent } = everythingElse
  return { rows: last - first + 1n - rows, added: 0n, spent: added - spent - change }
}

async function totalKinds(span: JournalSpan, kinds: readonly EntryKind[]): Promise<LineTotals> {
  return kinds.length === 0 ? NOTHING : totalLines(span, { kinds, minimum: 0n, text: null })
}

function add(left: LineTotals, right: LineTotals): LineTotals {
  return { rows: left.rows + right.rows, added: left.added + right.added, spent: left.spent + right.spent }
}
