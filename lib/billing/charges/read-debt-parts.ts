import 'server-only'

import { readInvoices } from '@/lib/db/invoices'
import type { Tx } from '@/lib/db/pool'
import { readDebtFrom } from '@/lib/db/postpaid-usage'
import type { WalletState } from '@/lib/ledger/types'
import { amount, smallerAmount, ZERO_AMOUNT } from '@/lib/money/amount'

import { splitDebt, sumOwed, type DebtParts, type OwedInvoice } from '../rules/invoice'
import { LATEST_USAGE_MS } from '../rules/postpaid'

/** A wallet's debt by what becomes of it, and the invoices that are not paid yet. */
export type OpenDebt = { readonly unpaid: readonly OwedInvoice[]; readonly parts: DebtParts }

/**
 * Says what a wallet's debt consists of. `invoicedUntil` is null for an account that was never invoiced. So long after that instant that no
 * usage from before can come any more the journal is not read. Under the wallet's lock.
 */
export async function readDebtParts(
  tx: Tx,
  wallet: WalletState,
  invoicedUntil: Date | null,
  now: Date,
): Promise<OpenDebt> {
  const unpaid = (await readInvoices(tx, wallet.accountId)).filter(({ status }) => status !== 'paid')
  const { debt } = wallet
  const mayBeLate = invoicedUntil !== null && now.getTime() - invoicedUntil.getTime() < LATEST_USAGE_MS
  if (debt > 0n && mayBeLate) {
    return { unpaid, parts: splitDebt(debt, await readDebtFrom(tx, wallet, invoicedUntil), unpaid) }
  }
  const invoiced = smallerAmount(debt, sumOwed(unpaid))
  return { unpaid, parts: { invoiced, late: ZERO_AMOUNT, fresh: amount(debt - invoiced) } }
}
