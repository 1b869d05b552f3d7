import 'server-only'

import { touchAccountTerms } from '@/lib/db/account-terms'
import { saveAutoCharge, type AutoCharge } from '@/lib/db/auto-charges'
import type { Tx } from '@/lib/db/pool'

/**
 * Writes how an account's charges stand, if that changed. The terms of the account say whether a debit calls for a recharge, so they
 * become stale with it. The account was locked first (`lockAccountTerms`).
 */
export async function keepAutoCharge(
  tx: Tx,
  accountId: string,
  before: AutoCharge,
  after: AutoCharge,
  now: Date,
): Promise<void> {
  const isSame =
    before.state === after.state && before.debtSince === after.debtSince && before.invoicedUntil === after.invoicedUntil
  if (isSame) return
  await saveAutoCharge(tx, accountId, after, now)
  const wasArmed = before.state.status === 'armed'
  const isArmed = after.state.status === 'armed'
  if (wasArmed !== isArmed || before.invoicedUntil !== after.invoicedUntil) await touchAccountTerms(tx, accountId)
}
