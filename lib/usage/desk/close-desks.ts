import 'server-only'

import { isRechargeDue, rechargeLevel } from '@/lib/billing/rules/recharge'
import { enqueueRecharge, enqueueSettlement } from '@/lib/db/charge-jobs'
import { insertHolds, updateHolds } from '@/lib/db/hold-writes'
import { saveBooks } from '@/lib/db/journal'
import { addToLimitCounts } from '@/lib/db/limit-counters'
import { enqueueMemberDebt } from '@/lib/db/member-debt'
import { addToAllowanceCounts, addToPeriodCounts } from '@/lib/db/period-counters'
import type { Tx } from '@/lib/db/pool'
import { recordUsageEvents } from '@/lib/db/usage-writes'

import { isOwedByCard } from '../rules/shortfall'
import { walletKey, type AccountDesk, type OpenWallet } from './account-desk'

/** Writes all that was decided, set-based: one statement a table, however many accounts, sent together. */
export async function closeDesks(tx: Tx, desks: readonly AccountDesk[]): Promise<void> {
  const holds = desks.flatMap((desk) => [...desk.holds.values()].filter(({ isChanged }) => isChanged))
  const stored = (isNew: boolean) => holds.filter((hold) => hold.isNew === isNew).map(({ now }) => now)
  const records = desks.flatMap((desk) => desk.records)
  const moved = desks.flatMap(({ wallets }) => [...wallets.values()].filter(isMoved))
  const books = moved.map(({ before, now, entries }) => ({ before, after: now, entries }))
  await Promise.all([
    recordUsageEvents(tx, records),
    saveBooks(tx, books),
    insertHolds(tx, stored(true)),
    updateHolds(tx, stored(false)),
    writeCounters(tx, desks),
  ])
  for (const desk of desks) {
    await callForRecharge(tx, desk)
    await callForSettlement(tx, desk)
    await noteMemberDebt(tx, desk)
  }
}

/** Debt in a wallet of a member's own is the pool's when the member is Pro by now: that is looked at apart. */
async function noteMemberDebt(tx: Tx, { terms, wallets }: AccountDesk): Promise<void> {
  const isGrown = ({ before, now }: OpenWallet) =>
    before.wallet.memberId !== null && now.wallet.debt > before.wallet.debt
  if ([...wallets.values()].some(isGrown)) await enqueueMemberDebt(tx, terms.accountId)
}

/** Queues a recharge when a wallet has fallen to the threshold: the job exists exactly if the debits do. */
async function callForRecharge(tx: Tx, { terms, wallets, now }: AccountDesk): Promise<void> {
  const { accountId, recharge } = terms
  const wallet = recharge === null ? undefined : wallets.get(walletKey(recharge.assetCode, null))
  if (wallet === undefined || !isMoved(wallet) || !isRechargeDue(recharge, rechargeLevel(wallet.now, now))) return
  await enqueueRecharge(tx, accountId)
}

/** Has a card asked for debt that work has left, where the card pays for that (`isOwedByCard`). */
async function callForSettlement(tx: Tx, { terms, wallets, now }: AccountDesk): Promise<void> {
  if (!isOwedByCard(terms.policy, now)) return
  const pools = [...wallets.values()].filter(({ before }) => before.wallet.memberId === null)
  const hasGrown = pools.some((wallet) => wallet.now.wallet.debt > wallet.before.wallet.debt)
  if (hasGrown) await enqueueSettlement(tx, terms.accountId, 'other')
}

/**
 * A wallet moves by entries, and by credit that is set aside or freed: also when as much is freed of one grant as is set aside of another,
 * which its own figures do not show. A decision that changes nothing leaves the book as it is.
 */
function isMoved({ before, now }: OpenWallet): boolean {
  return before !== now
}

async function writeCounters(tx: Tx, desks: readonly AccountDesk[]): Promise<void> {
  const counters = desks.flatMap((desk) => [...desk.counters.values()].filter(({ added }) => added > 0n))
  const allowances = desks
    .flatMap((desk) => [...desk.allowances.values()])
    .filter(({ coveredAdded, reservedAdded }) => coveredAdded > 0n || reservedAdded !== 0n)
  const limits = desks
    .flatMap((desk) => [...desk.limits.values()])
    .filter(({ usedAdded, reservedAdded }) => usedAdded !== 0n || reservedAdded !== 0n)
  await Promise.all([
    addToPeriodCounts(
      tx,
      counters.map(({ added, ...place }) => ({ ...place, quantity: added })),
    ),
    addToAllowanceCounts(
      tx,
      allowances.map(({ coveredAdded, reservedAdded, ...place }) => ({
        ...place,
        covered: coveredAdded,
        reserved: reservedAdded,
      })),
    ),
    addToLimitCounts(
      tx,
      limits.map(({ usedAdded, reservedAdded, ...place }) => ({
        ...place,
        used: usedAdded,
        reserved: reservedAdded,
      })),
    ),
  ])
}
