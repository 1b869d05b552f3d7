import { z } from 'zod'

import { amountField, decimalAnswer, idField, instantField, keyField, strict } from '@/lib/usage/field-contract'

const MOST_NAMES = 100

const names = z
  .array(idField, { error: 'Send a list of names.' })
  .min(1, 'Name at least one, or leave this out.')
  .max(MOST_NAMES, `Name at most ${MOST_NAMES}.`)

const scope = strict({
  meters: names.optional(),
  models: names.optional(),
  members: names.optional(),
  features: names.optional(),
})

/** `POST /grants`: credit that is given, not bought. */
export const grantInput = strict({
  organization: idField.meta({ description: 'The organization by its id or its external_id.' }),
  asset: keyField.default('credit').meta({ example: 'credit' }),
  amount: amountField,
  purpose: z
    .string({ error: 'Say in 1 to 200 printable characters what it is for.' })
    .refine(
      (text) => /^[^\p{C}\p{Zl}\p{Zp}]{1,200}$/u.test(text),
      'Say in 1 to 200 printable characters what it is for.',
    )
    .meta({ minLength: 1, maxLength: 200, example: 'Service credit for the outage of 3 March' }),
  source: z
    .enum(['adjustment', 'trial', 'contract', 'promo'], 'Use adjustment, trial, contract or promo.')
    .default('adjustment'),
  priority: z
    .int('Use a whole number from 0 to 100.')
    .min(0, 'Use a whole number from 0 to 100.')
    .max(100, 'Use a whole number from 0 to 100.')
    .default(50)
    .meta({ description: 'What is lower is spent first.' }),
  effective_at: instantField.optional().meta({ description: 'Now when left out.' }),
  expires_at: instantField.optional().meta({ description: 'Never when left out.' }),
  scope: scope.optional().meta({ description: 'What it may be spent on; anything when left out.' }),
  cost_basis_cents: z
    .int('Use whole cents.')
    .min(0, 'Use zero or more whole cents.')
    .max(99_999_999_999, 'Use a smaller number.')
    .default(0)
    .meta({ description: 'What was paid for it, in US cents; 0 for free credit.' }),
}).meta({ id: 'GrantInput' })
export type GrantInput = z.infer<typeof grantInput>

/** A lot of credits as it is answered. */
export const grantAnswer = z
  .object({
    id: z.string(),
    organization: z.string(),
    asset: z.string(),
    source: z.string(),
    purpose: z.string(),
    amount: decimalAnswer,
    remaining: decimalAnswer,
    held: decimalAnswer,
    priority: z.int(),
    scope: z
      .object({
        meters: z.array(z.string()).readonly().optional(),
        models: z.array(z.string()).readonly().optional(),
        members: z.array(z.string()).readonly().optional(),
        features: z.array(z.string()).readonly().optional(),
      })
      .nullable(),
    effective_at: instantField,
    expires_at: instantField.nullable(),
    cost_basis_cents: z.int(),
    status: z.enum(['upcoming', 'active', 'depleted', 'expired', 'void', 'frozen']),
  })
  .meta({ id: 'Grant' })
export type GrantAnswer = z.infer<typeof grantAnswer>

/** The open grants of an organization, in the order in which they are spent. */
export const grantsAnswer = z.object({ data: z.array(grantAnswer) }).meta({ id: 'GrantList' })
