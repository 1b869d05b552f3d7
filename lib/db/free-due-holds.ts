import 'server-only'

import { outstandingOf } from '@/lib/ledger/hold'
import type { Book, HoldState } from '@/lib/ledger/types'
import { amount } from '@/lib/money/amount'
import { ZERO_QUANTITY } from '@/lib/money/quantity'

import { withDueEntries } from './due'
import { updateHolds } from './hold-writes'
import { readDueHolds, type StoredHold } from './holds'
import { saveBooks } from './journal'
import { addToLimitCounts, limitCountKey, type LimitCount } from './limit-counters'
import { addToAllowanceCounts, type AllowanceChange } from './period-counters'
import type { Tx } from './pool'

/**
 * Frees what open holds past their expiry pin in locked wallets, and what they reserved of limits and allowances, before anything else is
 * decided there (api.md: an expired hold frees its credit for any decision at once). Writes it. False when no hold was due: then nothing
 * has changed, and otherwise the books are to be read again.
 */
export async function freeDueHolds(tx: Tx, books: readonly Book[], now: Date): Promise<boolean> {
  const due = await readDueHolds(
    tx,
    books.map(({ wallet: { accountId, id } }) => ({ accountId, id, at: now })),
  )
  if (due.length === 0) return false
  const moved = books.map((before) => {
    const own = due.flatMap((hold) => (hold.walletId === before.wallet.id ? [hold.state] : []))
    const { book: after, entries, holds } = withDueEntries(before, now, own)
    return { before, after, entries, holds }
  })
  await saveBooks(
    tx,
    moved.filter(({ before, after }) => before !== after),
  )
  const closed = new Map(moved.flatMap(({ holds }) => holds.map((state): [string, HoldState] => [state.id, state])))
  await updateHolds(
    tx,
    due.map((hold) => ({
      ...hold,
      state: closed.get(hold.state.id) ?? hold.state,
      reservations: { ...hold.reservations, allowance: null },
    })),
  )
  await addToLimitCounts(tx, limitsOf(due))
  await addToAllowanceCounts(tx, allowancesOf(due))
  return true
}

/** What the holds give back, each counter named once. */
function limitsOf(due: readonly StoredHold[]): readonly LimitCount[] {
  const counts = new Map<string, LimitCount>()
  for (const { accountId, assetCode, state, reservations } of due) {
    for (const place of reservations.limits) {
      const counter = { ...place, accountId, asset: assetCode }
      const before = counts.get(limitCountKey(counter))?.reserved ?? 0n
      const reserved = amount(before - outstandingOf(state))
      counts.set(limitCountKey(counter), { ...counter, used: amount(0n), reserved })
    }
  }
  return [...counts.values()]
}

function allowancesOf(due: readonly StoredHold[]): readonly AllowanceChange[] {
  const changes = new Map<string, AllowanceChange>()
  for (const { accountId, reservations } of due) {
    const { allowance } = reservations
    if (allowance === null) continue
    const { meter, periodStart, quantity } = allowance
    const key = `${accountId} ${periodStart.getTime()} ${meter}`
    const reserved = (changes.get(key)?.reserved ?? 0n) - quantity
    changes.set(key, { accountId, meter, periodStart, covered: ZERO_QUANTITY, reserved })
  }
  return [...changes.values()]
}
