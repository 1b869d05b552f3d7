import 'server-only'

import type { Actor } from '@/lib/auth/rules/actor'
import { can } from '@/lib/auth/rules/permissions'
import { findAccountNamed } from '@/lib/db/account-names'
import { readCatalogue } from '@/lib/db/catalogue'
import { showId } from '@/lib/db/ids'
import { listInvoicesBelow, type Invoice } from '@/lib/db/invoices'
import type { PurserError } from '@/lib/errors'
import { formatAmount } from '@/lib/money/amount'
import { err, ok, type Result } from '@/lib/result'

import type { InvoiceAnswer, InvoicesAnswer, InvoicesQuery } from '../invoice-contract'

/** Above every number that an invoice can have. */
const BEYOND_LAST = 2_147_483_647

/** The invoices of an organization in the key's mode, newest first. Errors: not_found. */
export async function listInvoices(
  actor: Extract<Actor, { kind: 'key' }>,
  organization: string,
  { limit, starting_after: below = BEYOND_LAST }: InvoicesQuery,
): Promise<Result<InvoicesAnswer, PurserError>> {
  const account = await findAccountNamed(actor.mode, organization)
  if (account === null || !can(actor, 'receipts:read', account)) return err({ code: 'not_found', what: 'organization' })
  const invoices = await listInvoicesBelow(account.id, below, limit + 1)
  const { assets } = await readCatalogue(account.mode)
  const data = invoices
    .slice(0, limit)
    .map((invoice) => showInvoice(invoice, assets.get(invoice.assetCode)?.scale ?? 0))
  return ok({ data, has_more: invoices.length > limit })
}

function showInvoice(invoice: Invoice, scale: number): InvoiceAnswer {
  const { number, kind, status, lines, paymentId } = invoice
  return {
    number,
    kind,
    status,
    period_start: invoice.periodStart.toISOString(),
    period_end: invoice.periodEnd.toISOString(),
    asset: invoice.assetCode,
    amount: formatAmount(invoice.amount, scale),
    amount_cents: parseInt(invoice.amountCents.toString(), 10),
    lines,
    payment: paymentId === null ? null : showId('pay', paymentId),
    created_at: invoice.createdAt.toISOString(),
    paid_at: invoice.paidAt?.toISOString() ?? null,
  }
}
