import 'server-only'

import { insertHolds, updateHolds } from '@/lib/db/holds'
import { saveBooks } from '@/lib/db/journal'
import { addToLimitCounts } from '@/lib/db/limit-counters'
import { addToAllowanceCounts, addToPeriodCounts } from '@/lib/db/period-counters'
import type { Tx } from '@/lib/db/pool'
import { recordUsageEvents } from '@/lib/db/usage-writes'
import { amount } from '@/lib/money/amount'

import type { AccountDesk, OpenWallet } from './account-desk'

/** Writes all that was decided, set-based: one statement a table, however many accounts. */
export async function closeDesks(tx: Tx, desks: readonly AccountDesk[]): Promise<void> {
  const holds = desks.flatMap((desk) => [...desk.holds.values()].filter(({ isChanged }) => isChanged))
  const stored = (isNew: boolean) => holds.filter((hold) => hold.isNew === isNew).map(({ now }) => now)
  await recordUsageEvents(
    tx,
    desks.flatMap(({ records }) => records),
  )
  const moved = desks.flatMap(({ wallets }) => [...wallets.values()].filter(isMoved))
  await saveBooks(
    tx,
    moved.map(({ before, now, entries }) => ({ before, after: now, entries })),
  )
  await insertHolds(tx, stored(true))
  await updateHolds(tx, stored(false))
  await writeCounters(tx, desks)
}

/** A wallet moves by entries, and by credit that is set aside or freed. */
function isMoved({ before, now, entries }: OpenWallet): boolean {
  return entries.length > 0 || before.wallet.held !== now.wallet.held
}

async function writeCounters(tx: Tx, desks: readonly AccountDesk[]): Promise<void> {
  const counters = desks.flatMap((desk) => [...desk.counters.values()].filter(({ added }) => added > 0n))
  await addToPeriodCounts(
    tx,
    counters.map(({ added, ...place }) => ({ ...place, quantity: added })),
  )
  const allowances = desks.flatMap((desk) => [...desk.allowances.values()])
  await addToAllowanceCounts(
    tx,
    allowances
      .filter(({ coveredAdded, reservedAdded }) => coveredAdded > 0n || reservedAdded !== 0n)
      .map(({ coveredAdded, reservedAdded, ...place }) => ({
        ...place,
        covered: coveredAdded,
        reserved: reservedAdded,
      })),
  )
  const limits = desks.flatMap((desk) => [...desk.limits.values()])
  await addToLimitCounts(
    tx,
    limits
      .filter(({ usedAdded, reservedAdded }) => usedAdded !== 0n || reservedAdded !== 0n)
      .map(({ usedAdded, reservedAdded, ...place }) => ({
        ...place,
        used: amount(usedAdded),
        reserved: amount(reservedAdded),
      })),
  )
}
