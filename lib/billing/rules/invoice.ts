import { amount, smallerAmount, ZERO_AMOUNT, type Amount } from '@/lib/money/amount'
import type { Cents } from '@/lib/money/cents'
import { formatDecimal, parseDecimal } from '@/lib/money/decimal'
import { DECIMAL_PLACES, type Quantity } from '@/lib/money/quantity'
import { periodOf } from '@/lib/usage/rules/period'

/**
 * A line of an invoice, in decimals of the asset. `usage`: what a meter cost in a month, as far as no earlier invoice has it; a month
 * before the invoice's own is a correction. `credits`: what credit paid of it, or (positive) what else was owed. The lines add up to the
 * invoice's amount.
 */
export type InvoiceLine =
  | {
      readonly type: 'usage'
      /** `YYYY-MM` in the account's time zone. */
      readonly month: string
      readonly meter: string
      readonly quantity: string
      readonly amount: string
      readonly is_correction: boolean
    }
  | { readonly type: 'credits'; readonly amount: string }

/** What an invoice asks for. */
export type OwedInvoice = { readonly amount: Amount; readonly amountCents: Cents }

/** What a meter cost in a month. */
export type MonthUsage = {
  readonly month: string
  readonly meter: string
  readonly quantity: Quantity
  readonly amount: Amount
}

/** What a wallet's debt consists of: what stands on unpaid invoices, what belongs on one and is on none, and what came after. */
export type DebtParts = { readonly invoiced: Amount; readonly late: Amount; readonly fresh: Amount }

/**
 * Splits a wallet's debt at the instant up to which it is invoiced. `fresh` is the debt that usage from that instant on has made: credit
 * that arrived since has repaid what is older first.
 */
export function splitDebt(debt: Amount, fresh: Amount, unpaid: readonly OwedInvoice[]): DebtParts {
  const newer = smallerAmount(debt, fresh)
  const older = amount(debt - newer)
  const invoiced = smallerAmount(older, sumOwed(unpaid))
  return { invoiced, late: amount(older - invoiced), fresh: newer }
}

/** What some invoices ask for together. */
export function sumOwed(invoices: readonly OwedInvoice[]): Amount {
  return invoices.reduce<Amount>((sum, invoice) => amount(sum + invoice.amount), ZERO_AMOUNT)
}

/** The end of the period that begins at an instant: that of its calendar month in the account's time zone, or the cutover before it. */
export function nextPeriodEnd(from: Date, timeZone: string, cutover: Date): Date {
  const { end } = periodOf(from, timeZone, 1, 'month')
  return end < cutover ? end : cutover
}

/**
 * The lines of an invoice for a month: of each month and meter what earlier invoices do not have yet, then what credit paid of it. The
 * usage lines of all invoices of an account together are its usage, whenever it was reported.
 */
export function invoiceLines(
  usage: readonly MonthUsage[],
  earlier: readonly InvoiceLine[],
  month: string,
  owed: Amount,
  scale: number,
): readonly InvoiceLine[] {
  const lines = usage.flatMap((total) => {
    const known = earlier.filter(
      (line) => line.type === 'usage' && line.month === total.month && line.meter === total.meter,
    )
    const quantity = known.reduce(
      (rest, line) => rest - (line.type === 'usage' ? read(line.quantity, DECIMAL_PLACES) : 0n),
      total.quantity as bigint,
    )
    const rest = known.reduce((left, line) => left - read(line.amount, scale), total.amount as bigint)
    return quantity === 0n && rest === 0n ? [] : [{ ...total, quantity, amount: rest }]
  })
  const used = lines.reduce((sum, line) => sum + line.amount, 0n)
  return [
    ...lines.map((line) => ({
      type: 'usage' as const,
      month: line.month,
      meter: line.meter,
      quantity: formatDecimal(line.quantity, DECIMAL_PLACES),
      amount: formatDecimal(line.amount, scale),
      is_correction: line.month < month,
    })),
    ...(owed === used ? [] : [{ type: 'credits' as const, amount: formatDecimal(owed - used, scale) }]),
  ]
}

function read(text: string, scale: number): bigint {
  const parsed = parseDecimal(text, scale)
  if (!parsed.ok) throw new Error(`a line of an invoice cannot be read: ${text}`)
  return parsed.value
}
