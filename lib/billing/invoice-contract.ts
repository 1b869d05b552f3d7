import { z } from 'zod'

import { decimalAnswer, instantField, strict } from '@/lib/usage/field-contract'

const MOST_INVOICES = 100
const DEFAULT_INVOICES = 25

/** The query of `GET /organizations/{org}/invoices`: newest first, paged by number. */
export const invoicesQuery = strict({
  limit: z.coerce
    .number('Use a whole number from 1 to 100.')
    .int('Use a whole number from 1 to 100.')
    .min(1, 'Use a whole number from 1 to 100.')
    .max(MOST_INVOICES, 'Use a whole number from 1 to 100.')
    .default(DEFAULT_INVOICES),
  starting_after: z.coerce
    .number("Use an invoice's number.")
    .int("Use an invoice's number.")
    .min(1, "Use an invoice's number.")
    .max(2_147_483_647, "Use an invoice's number.")
    .optional(),
})
export type InvoicesQuery = z.infer<typeof invoicesQuery>

const invoiceLine = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('usage'),
    month: z.string(),
    meter: z.string(),
    quantity: decimalAnswer,
    amount: decimalAnswer,
    is_correction: z.boolean(),
  }),
  z.object({ type: z.literal('credits'), amount: decimalAnswer }),
])

/** An invoice of postpaid usage as it is answered. Its lines add up to `amount`. */
const invoiceAnswer = z
  .object({
    number: z.int(),
    kind: z.enum(['month', 'final', 'supplementary']),
    status: z.enum(['open', 'paid', 'failed']),
    period_start: instantField,
    period_end: instantField,
    asset: z.string(),
    amount: decimalAnswer,
    amount_cents: z.int(),
    lines: z.array(invoiceLine).readonly(),
    payment: z.string().nullable(),
    created_at: instantField,
    paid_at: instantField.nullable(),
  })
  .meta({ id: 'Invoice' })
export type InvoiceAnswer = z.infer<typeof invoiceAnswer>

/** `GET /organizations/{org}/invoices`. */
export const invoicesAnswer = z
  .object({ data: z.array(invoiceAnswer).readonly(), has_more: z.boolean() })
  .meta({ id: 'InvoiceList' })
export type InvoicesAnswer = z.infer<typeof invoicesAnswer>
