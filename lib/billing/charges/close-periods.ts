import 'server-only'

import type { AutoCharge } from '@/lib/db/auto-charges'
import type { Account } from '@/lib/db/organizations'
import type { Tx } from '@/lib/db/pool'
import type { WalletState } from '@/lib/ledger/types'

import { issueInvoice } from './issue-invoice'
import { nextPeriodEnd } from '../rules/invoice'
import type { CreditPrice } from '../rules/recharge'

/** A postpaid account: until when it is, and what its invoices are computed with. */
export type Postpaid = { readonly cutover: Date; readonly timeZone: string; readonly price: CreditPrice }

/** From where on usage is not invoiced yet. */
export function uninvoicedFrom(account: Account, charge: AutoCharge): Date {
  return charge.invoicedUntil ?? account.createdAt
}

/**
 * Invoices every month that has ended, and at the cutover what is left: one final invoice (product.md, `compute-seconds`). Answers how the
 * account stands then. Under the wallet's lock.
 */
export async function closePeriods(
  tx: Tx,
  account: Account,
  wallet: WalletState,
  charge: AutoCharge,
  { cutover, timeZone, price }: Postpaid,
  now: Date,
): Promise<AutoCharge> {
  let start = uninvoicedFrom(account, charge)
  let closed = charge
  while (start < cutover) {
    const end = nextPeriodEnd(start, timeZone, cutover)
    if (end > now) return closed
    const kind = end.getTime() === cutover.getTime() ? 'final' : 'month'
    await issueInvoice(tx, wallet, { kind, start, end, boundary: end }, { timeZone, price, now })
    closed = { ...closed, invoicedUntil: end }
    start = end
  }
  return closed
}
