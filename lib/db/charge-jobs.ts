import 'server-only'

import { enqueueJob } from './jobs'
import type { Tx } from './pool'

/** A debit called for a recharge, or what kept one from being made was mended: looks at it once this transaction has committed. */
export async function enqueueRecharge(tx: Tx, accountId: string): Promise<void> {
  await enqueueJob(tx, { task: 'run_recharge', payload: { accountId }, key: `recharge:${accountId}` })
}

/**
 * A debit left debt that the card is charged for (`at_zero: charge_card`, or usage from before a cutover), or a run that made some has
 * ended: then all of it is charged at once, otherwise when it is large or old enough.
 */
export async function enqueueSettlement(tx: Tx, accountId: string, occasion: 'run_ended' | 'other'): Promise<void> {
  const key = `settle_debt:${accountId}:${occasion}`
  await enqueueJob(tx, { task: 'settle_debt', payload: { accountId, occasion }, key })
}
