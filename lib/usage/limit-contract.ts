import { z } from 'zod'

import { amountField, decimalAnswer, idField, instantField, keyField, strict } from './field-contract'

const SCOPES = ['organization', 'member', 'key', 'resource'] as const
const PERIODS = ['day', 'month', 'total'] as const
const MODES = ['alert', 'block'] as const

/** `PUT /organizations/{org}/limits/{id}`: how much may be spent. Over when spent + asked for > amount, in every scope and mode. */
export const limitInput = strict({
  scope: z.enum(SCOPES, `Use one of ${SCOPES.join(', ')}.`),
  subject: idField.optional().meta({
    description: 'The member, key or resource whose spending counts; each one by itself when left out.',
  }),
  asset: keyField.default('credit').meta({ example: 'credit' }),
  amount: amountField,
  period: z.enum(PERIODS, `Use one of ${PERIODS.join(', ')}.`),
  mode: z.enum(MODES, `Use one of ${MODES.join(', ')}.`),
})
  .superRefine(({ scope, subject }, context) => {
    if (scope !== 'organization' || subject === undefined) return
    context.addIssue({ code: 'custom', path: ['subject'], message: 'Leave this out: the organization has no subject.' })
  })
  .meta({ id: 'LimitInput' })
export type LimitInput = z.infer<typeof limitInput>

/** How much was spent under a limit in its present period. */
const limitUse = z.object({
  subject: z.string().nullable().meta({ description: 'Whose; null for the organization.' }),
  period_start: instantField,
  used: decimalAnswer,
  reserved: decimalAnswer.meta({ description: 'Set aside by open authorizations.' }),
})

/** A spend limit as it is answered. */
export const limitAnswer = z
  .object({
    id: z.string(),
    scope: z.enum(SCOPES),
    subject: z.string().nullable(),
    asset: z.string(),
    amount: decimalAnswer,
    period: z.enum(PERIODS),
    mode: z.enum(MODES),
    use: z.array(limitUse).readonly().meta({ description: 'The most used first, at most 100.' }),
  })
  .meta({ id: 'SpendLimit' })
export type LimitAnswer = z.infer<typeof limitAnswer>

/** The spend limits of an organization. */
export const limitsAnswer = z.object({ data: z.array(limitAnswer) }).meta({ id: 'SpendLimitList' })
