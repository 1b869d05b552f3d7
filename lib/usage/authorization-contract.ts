import { z } from 'zod'

import {
  amountField,
  decimalAnswer,
  dimensionsField,
  eventIdField,
  idField,
  instantField,
  keyField,
} from './field-contract'
import { quantityField, strict, unitPriceField } from './field-contract'

const LONGEST_HOLD_SECONDS = 86_400
const DEFAULT_HOLD_SECONDS = 600

const expiresInField = z
  .int(`Use whole seconds from 1 to ${LONGEST_HOLD_SECONDS}.`)
  .min(1, `Use whole seconds from 1 to ${LONGEST_HOLD_SECONDS}.`)
  .max(LONGEST_HOLD_SECONDS, `Use whole seconds from 1 to ${LONGEST_HOLD_SECONDS}.`)
  .meta({ description: 'For how many seconds from now the credits stay set aside.', example: 600 })

/** `POST /authorizations`: what is about to be used, by a meter's quantity or by an amount. */
export const authorizationInput = strict({
  organization: idField.meta({ description: 'The organization by its id or its external_id.' }),
  meter: idField.optional().meta({ example: 'output_token' }),
  quantity: quantityField.optional(),
  asset: keyField.optional().meta({ example: 'credit' }),
  amount: amountField.optional(),
  member: idField.optional(),
  key: idField.optional(),
  resource: idField.optional(),
  model: idField.optional(),
  feature: idField.optional(),
  dimensions: dimensionsField.optional(),
  expires_in: expiresInField.default(DEFAULT_HOLD_SECONDS),
})
  .superRefine(({ meter, quantity, asset, amount }, context) => {
    const refuse = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message })
    if (quantity !== undefined && amount !== undefined) refuse('amount', 'Send quantity or this, not both.')
    if (quantity === undefined && amount === undefined)
      refuse('quantity', 'Send this with meter, or asset with amount.')
    if (quantity !== undefined && meter === undefined) refuse('meter', 'Send the meter that the quantity is of.')
    if (quantity !== undefined && asset !== undefined) refuse('asset', 'Leave this out: the price says the asset.')
    if (amount !== undefined && asset === undefined) refuse('asset', 'Send the asset that the amount is of.')
  })
  .meta({ id: 'AuthorizationInput' })
export type AuthorizationInput = z.infer<typeof authorizationInput>

/** `?dry_run=true`: say what would be decided, and write nothing. */
export const authorizationQuery = strict({
  dry_run: z.enum(['true', 'false'], 'Use true or false.').default('false'),
})
export type AuthorizationQuery = z.infer<typeof authorizationQuery>

/** Credits set aside, as they are answered. `captured` and `released` are cumulative. */
export const authorizationAnswer = z
  .object({
    id: z.string(),
    status: z.enum(['open', 'captured', 'released', 'expired']),
    asset: z.string(),
    amount: decimalAnswer,
    captured: decimalAnswer,
    released: decimalAnswer,
    expires_at: instantField,
    created_at: instantField,
  })
  .meta({ id: 'Authorization' })
export type AuthorizationAnswer = z.infer<typeof authorizationAnswer>

/** What a spend limit says about a request. */
const limitTrace = z.object({
  id: z.string(),
  scope: z.string(),
  subject: z.string().nullable(),
  period: z.string(),
  mode: z.enum(['alert', 'block']),
  amount: decimalAnswer,
  used: decimalAnswer.meta({ description: 'Spent so far, and set aside by open authorizations.' }),
  allows: z.boolean(),
})

/** What a grant would do for a request, in spending order. */
const grantTrace = z.object({
  grant: z.string(),
  purpose: z.string(),
  free: decimalAnswer,
  drawn: decimalAnswer,
  skipped: z
    .enum(['not_effective', 'expired', 'frozen', 'void', 'out_of_scope', 'nothing_free', 'not_needed'])
    .nullable()
    .meta({ description: 'Why nothing is drawn from it; null when something is.' }),
})

/** `POST /authorizations?dry_run=true`: the decision with everything that leads to it. */
export const authorizationTraceAnswer = z
  .object({
    allowed: z.boolean(),
    reason: z.string().nullable().meta({ description: 'The code of the refusal; null when it is allowed.' }),
    asset: z.string(),
    amount: decimalAnswer,
    covered_by_allowance: decimalAnswer,
    limits: z.array(limitTrace).readonly(),
    grants: z.array(grantTrace).readonly(),
  })
  .meta({ id: 'AuthorizationTrace' })
export type AuthorizationTraceAnswer = z.infer<typeof authorizationTraceAnswer>

/** `POST /authorizations/{id}/capture`: what was used of it. */
export const captureInput = strict({
  event_id: eventIdField.meta({ description: 'Your own id of this usage, unique per billing account.' }),
  quantity: quantityField.optional(),
  amount: amountField.optional(),
  final: z.boolean('Use true or false.').default(true),
  cost: unitPriceField.optional().meta({ description: 'What this usage cost you, in USD.' }),
  dimensions: dimensionsField.optional(),
  occurred_at: instantField.optional(),
})
  .superRefine(({ quantity, amount }, context) => {
    const refuse = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message })
    if (quantity !== undefined && amount !== undefined) refuse('amount', 'Send quantity or this, not both.')
    if (quantity === undefined && amount === undefined) refuse('quantity', 'Send this, or amount.')
  })
  .meta({ id: 'CaptureInput' })
export type CaptureInput = z.infer<typeof captureInput>

/** What a capture did. */
export const captureAnswer = z
  .object({
    status: z.enum(['open', 'captured', 'released', 'expired']),
    captured: decimalAnswer,
    released: decimalAnswer,
    late: z.boolean().meta({ description: 'It came after the authorization had expired.' }),
    entry: z.string().nullable(),
    amount: decimalAnswer,
    asset: z.string(),
    balance: decimalAnswer,
    available: decimalAnswer,
  })
  .meta({ id: 'Capture' })
export type CaptureAnswer = z.infer<typeof captureAnswer>

/** `POST /authorizations/{id}/extend`. */
export const extendInput = strict({ expires_in: expiresInField }).meta({ id: 'ExtendInput' })
export type ExtendInput = z.infer<typeof extendInput>
