import 'server-only'

import type { AccountPlan } from '@/lib/db/account-plans'
import { carryIntoPeriods, moveReservations, readAllowancesSince } from '@/lib/db/allowance-periods'
import { lockBooks, type WalletName } from '@/lib/db/books'
import { readCatalogue } from '@/lib/db/catalogue'
import type { Plan } from '@/lib/db/plans'
import type { Tx } from '@/lib/db/pool'
import { readWalletNames } from '@/lib/db/wallet-names'
import { periodOf } from '@/lib/usage/rules/period'

import { carryAllowances, LONGEST_COUNTED_MS, type CarriedAllowances } from '../rules/carry-allowances'

const LONGEST_MONTH_MS = 31 * 86_400_000

/** A move of the day on which an account's periods begin; the account as it stands before it. */
export type MovedAnchor = { readonly account: AccountPlan; readonly anchorDay: number; readonly at: Date }

/** What of the account's allowances counts once its periods begin on this day. Without the locks it is a preview. */
export async function readCarried(tx: Tx, { account, anchorDay, at }: MovedAnchor): Promise<CarriedAllowances> {
  const { id, timeZone, anchorDay: before } = account
  const counts = await readAllowancesSince(tx, id, new Date(at.getTime() - LONGEST_COUNTED_MS - LONGEST_MONTH_MS), at)
  return carryAllowances(counts, { timeZone, before, after: anchorDay, at })
}

/** Carries what counts into the periods of the new day, and what open holds have reserved with it. Under `lockAllowances`. */
export async function carry(tx: Tx, moved: MovedAnchor): Promise<void> {
  const { account, anchorDay, at } = moved
  const { running, earlier, leftStarts } = await readCarried(tx, moved)
  await carryIntoPeriods(tx, account.id, [...running, ...earlier])
  await moveReservations(tx, account.id, leftStarts, periodOf(at, account.timeZone, anchorDay, 'month').start)
}

/**
 * Locks every pool wallet of an account, and those that guard what the plans cover even where nothing was used yet: whoever holds them keeps
 * usage from being covered meanwhile, and who waits for them looks at the terms again. The account is locked before.
 */
export async function lockAllowances(
  tx: Tx,
  account: AccountPlan,
  plans: readonly (Plan | null)[],
  at: Date,
): Promise<void> {
  const { prices } = await readCatalogue(account.mode, tx)
  const names = new Map<string, WalletName>()
  for (const name of await readWalletNames(tx, account.id, null)) names.set(name.assetCode, name)
  for (const { meter } of plans.flatMap((plan) => plan?.allowances ?? [])) {
    for (const { asset, scale } of prices.get(meter) ?? []) {
      names.set(asset, { assetCode: asset, scale, memberId: null })
    }
  }
  if (names.size > 0) await lockBooks(tx, account.id, [...names.values()], at)
}
