import 'server-only'

import { insertInvoice, readInvoices, type Invoice } from '@/lib/db/invoices'
import { readDebtFrom, readMonthUsage, readUsageBetween } from '@/lib/db/postpaid-usage'
import type { Tx } from '@/lib/db/pool'
import type { WalletState } from '@/lib/ledger/types'
import { amount, ZERO_AMOUNT } from '@/lib/money/amount'
import { cents, centsForCredits } from '@/lib/money/cents'
import { quantity } from '@/lib/money/quantity'
import { localDay, periodOf } from '@/lib/usage/rules/period'

import { invoiceLines, splitDebt, type MonthUsage } from '../rules/invoice'
import type { CreditPrice } from '../rules/recharge'

/** A period that is to be invoiced, up to an instant (excluded). */
export type InvoicePeriod = {
  readonly kind: Invoice['kind']
  readonly start: Date
  readonly end: Date
  /** What occurred before this instant belongs on it: the end, but for a supplementary one the cutover. */
  readonly boundary: Date
}

/**
 * Writes the invoice of a period: exactly what is owed for usage before its boundary and stands on no unpaid invoice, with lines by month
 * and meter for whatever was reported since the last one (a closed month is thereby corrected in the next). None is written when nothing
 * was used and nothing is owed. Under the wallet's lock.
 */
export async function issueInvoice(
  tx: Tx,
  wallet: WalletState,
  period: InvoicePeriod,
  { timeZone, price, now }: { readonly timeZone: string; readonly price: CreditPrice; readonly now: Date },
): Promise<void> {
  const earlier = await readInvoices(tx, wallet.accountId)
  const unpaid = earlier.filter(({ status }) => status !== 'paid')
  const fresh = wallet.debt === 0n ? ZERO_AMOUNT : await readDebtFrom(tx, wallet, period.boundary)
  const owed = splitDebt(wallet.debt, fresh, unpaid).late

  const lastInstant = new Date(period.boundary.getTime() - 1)
  const month = localDay(lastInstant, timeZone).slice(0, 7)
  const firstDay = localDay(earlier[0]?.periodStart ?? period.start, timeZone).slice(0, 7) + '-01'
  const usage = await readMonthUsage(tx, wallet, firstDay, localDay(lastInstant, timeZone))
  const after = await usageAfter(tx, wallet, period.boundary, timeZone)
  const known = earlier.flatMap(({ lines }) => lines)
  const lines = invoiceLines(withoutUsage(usage, month, after), known, month, owed, wallet.scale)
  if (lines.length === 0 && owed === 0n) return
  await insertInvoice(tx, {
    accountId: wallet.accountId,
    kind: period.kind,
    status: owed === 0n ? 'paid' : 'open',
    periodStart: period.start,
    periodEnd: period.end,
    assetCode: wallet.assetCode,
    lines,
    amount: owed,
    amountCents: owed === 0n ? cents(0n) : centsForCredits(owed, price.rate, price.scale),
    createdAt: now,
    paidAt: owed === 0n ? now : null,
  })
}

/** Usage of the rest of the boundary's own day: none when it is midnight. */
async function usageAfter(
  tx: Tx,
  wallet: WalletState,
  boundary: Date,
  timeZone: string,
): Promise<readonly Omit<MonthUsage, 'month'>[]> {
  const day = periodOf(boundary, timeZone, 1, 'day')
  return day.start.getTime() === boundary.getTime() ? [] : readUsageBetween(tx, wallet, boundary, day.end)
}

function withoutUsage(
  usage: readonly MonthUsage[],
  month: string,
  after: readonly Omit<MonthUsage, 'month'>[],
): readonly MonthUsage[] {
  return usage.map((total) => {
    const part = total.month === month ? after.find(({ meter }) => meter === total.meter) : undefined
    if (part === undefined) return total
    return { ...total, quantity: quantity(total.quantity - part.quantity), amount: amount(total.amount - part.amount) }
  })
}
