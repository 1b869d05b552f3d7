import 'server-only'

import type { InvoiceLine, OwedInvoice } from '@/lib/billing/rules/invoice'
import { amount, type Amount } from '@/lib/money/amount'
import { cents, type Cents } from '@/lib/money/cents'

import { query, type Row, type Tx } from './pool'

/** What postpaid usage of a period cost. */
export type Invoice = OwedInvoice & {
  readonly accountId: string
  /** From 1, without gaps, per account. */
  readonly number: number
  readonly kind: 'month' | 'final' | 'supplementary'
  readonly status: 'open' | 'paid' | 'failed'
  readonly periodStart: Date
  /** Excluded. */
  readonly periodEnd: Date
  readonly assetCode: string
  readonly lines: readonly InvoiceLine[]
  readonly paymentId: string | null
  readonly createdAt: Date
  readonly paidAt: Date | null
}

const COLUMNS = `account_id, number, kind, status, period_start, period_end, asset_code, lines, amount, amount_cents, payment_id,
  created_at, paid_at`
const ALL = `SELECT ${COLUMNS} FROM invoice WHERE account_id = $1 ORDER BY number`
const PAGE = `SELECT ${COLUMNS} FROM invoice WHERE account_id = $1 AND number < $2 ORDER BY number DESC LIMIT $3`
const INSERT = `INSERT INTO invoice (account_id, number, kind, status, period_start, period_end, asset_code, lines, amount, amount_cents,
    created_at, paid_at)
  SELECT $1, coalesce(max(number), 0) + 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11 FROM invoice WHERE account_id = $1`
const ATTEMPT = `UPDATE invoice SET status = 'open', payment_id = $2 WHERE account_id = $1 AND status <> 'paid'`
const PAY_BY_CREDIT = `UPDATE invoice SET status = 'paid', payment_id = NULL, paid_at = $2 WHERE account_id = $1 AND status <> 'paid'`
const PAY_BY_CARD = `UPDATE invoice SET status = 'paid', paid_at = $3 WHERE account_id = $1 AND payment_id = $2 AND status <> 'paid'`
const FAIL = `UPDATE invoice SET status = 'failed' WHERE account_id = $1 AND payment_id = $2 AND status = 'open'`

/** Every invoice of an account, oldest first: twelve a year, as long as it is postpaid. Read it under the wallet's lock. */
export async function readInvoices(tx: Tx, accountId: string): Promise<readonly Invoice[]> {
  return (await tx.query(ALL, [accountId])).map(readInvoice)
}

/** Invoices of an account below a number, newest first. */
export async function listInvoicesBelow(accountId: string, number: number, limit: number): Promise<readonly Invoice[]> {
  return (await query(PAGE, [accountId, number, limit])).map(readInvoice)
}

/** Adds an invoice under the account's next number. Under the wallet's lock. */
export async function insertInvoice(tx: Tx, invoice: Omit<Invoice, 'number' | 'paymentId'>): Promise<void> {
  const { accountId, kind, status, periodStart, periodEnd, assetCode, lines, createdAt, paidAt } = invoice
  const values = [accountId, kind, status, periodStart, periodEnd, assetCode, JSON.stringify(lines)]
  await tx.query(INSERT, [...values, invoice.amount, invoice.amountCents, createdAt, paidAt])
}

/** One payment is attempted for all that is unpaid. */
export async function attemptInvoices(tx: Tx, accountId: string, paymentId: string): Promise<void> {
  await tx.query(ATTEMPT, [accountId, paymentId])
}

/** What was unpaid is paid: by a settled payment, or (null) by credit that arrived and repaid the debt. */
export async function payInvoices(tx: Tx, accountId: string, paymentId: string | null, now: Date): Promise<void> {
  if (paymentId === null) await tx.query(PAY_BY_CREDIT, [accountId, now])
  else await tx.query(PAY_BY_CARD, [accountId, paymentId, now])
}

/** The payment failed for good: the invoices wait for a person. */
export async function failInvoices(tx: Tx, accountId: string, paymentId: string): Promise<void> {
  await tx.query(FAIL, [accountId, paymentId])
}

function readInvoice(row: Row): Invoice {
  return {
    accountId: row['account_id'] as string,
    number: row['number'] as number,
    kind: row['kind'] as Invoice['kind'],
    status: row['status'] as Invoice['status'],
    periodStart: row['period_start'] as Date,
    periodEnd: row['period_end'] as Date,
    assetCode: row['asset_code'] as string,
    lines: row['lines'] as readonly InvoiceLine[],
    amount: amount(row['amount'] as bigint) as Amount,
    amountCents: cents(row['amount_cents'] as bigint) as Cents,
    paymentId: row['payment_id'] as string | null,
    createdAt: row['created_at'] as Date,
    paidAt: row['paid_at'] as Date | null,
  }
}
