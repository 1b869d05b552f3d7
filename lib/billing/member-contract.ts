import { z } from 'zod'

import { emailSchema } from '@/lib/organizations/contract'
import { amountField, decimalAnswer, instantField, keyField, nameField, strict } from '@/lib/usage/field-contract'

/** `PUT /organizations/{org}/members/{external_id}`. What is left out stays as it is; at first it is nothing, and the role a member's. */
export const memberInput = strict({
  name: nameField.nullable().optional(),
  email: emailSchema.nullable().optional().meta({ description: 'The address by which this person signs in.' }),
  role: z.enum(['owner', 'admin', 'member'], 'Use owner, admin or member.').optional(),
  seat: z.enum(['pro', 'lite'], 'Use pro or lite.').meta({
    description: 'A Pro seat spends from the pool, a Lite seat only its own monthly allocation.',
  }),
  lite_allocation: strict({ asset: keyField, amount: amountField }).nullable().optional().meta({
    description: 'What a Lite member gets on the 1st of each month, and at once when they become one; null: nothing.',
  }),
}).meta({ id: 'MemberInput' })
export type MemberInput = z.infer<typeof memberInput>

/** A member as they are answered, with the wallets of their own. */
export const memberAnswer = z
  .object({
    external_id: z.string(),
    name: z.string().nullable(),
    email: z.string().nullable(),
    role: z.enum(['owner', 'admin', 'member']),
    seat: z.enum(['pro', 'lite']),
    lite_allocation: z.object({ asset: z.string(), amount: decimalAnswer }).nullable(),
    wallets: z
      .array(
        z.object({
          asset: z.string(),
          balance: decimalAnswer,
          held: decimalAnswer,
          available: decimalAnswer,
          next_expiry: z.object({ amount: decimalAnswer, at: instantField }).nullable(),
        }),
      )
      .readonly(),
  })
  .meta({ id: 'Member' })
export type MemberAnswer = z.infer<typeof memberAnswer>
