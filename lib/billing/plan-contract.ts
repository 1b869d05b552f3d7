import { z } from 'zod'

import {
  amountField,
  decimalAnswer,
  idField,
  instantField,
  keyField,
  nameField,
  quantityField,
  strict,
} from '@/lib/usage/field-contract'

const MOST_ALLOWANCES = 100
const MOST_ENTITLEMENTS = 20
const MOST_SEATS = 1_000_000

/** US cents of a price, from 0. */
export const priceCentsField = z
  .int('Use whole cents.')
  .min(0, 'Use zero or more whole cents.')
  .max(99_999_999_999, 'Use a smaller number.')

/** `PUT /plans/{key}`: what a plan costs, and what it covers and gives each period. */
export const planInput = strict({
  name: nameField,
  monthly_price_cents: priceCentsField.meta({ description: 'What it costs a month, in US cents.' }),
  allowances: z
    .array(strict({ meter: keyField, quantity: quantityField }), { error: 'Send a list.' })
    .max(MOST_ALLOWANCES, `Send at most ${MOST_ALLOWANCES}.`)
    .default([])
    .meta({ description: 'What is covered each period before credits are touched; one quantity a meter.' }),
  entitlements: z
    .array(strict({ asset: keyField, amount: amountField }), { error: 'Send a list.' })
    .max(MOST_ENTITLEMENTS, `Send at most ${MOST_ENTITLEMENTS}.`)
    .default([])
    .meta({ description: 'Credits that are granted each period and expire at its end; one amount an asset.' }),
  seats: z
    .int('Use a whole number, or null for any number.')
    .min(0, 'Use zero or more.')
    .max(MOST_SEATS, `Use at most ${MOST_SEATS}, or null for any number.`)
    .nullable()
    .default(null)
    .meta({ description: 'How many Pro members it is meant for; null means any number.' }),
}).meta({ id: 'PlanInput' })
export type PlanInput = z.infer<typeof planInput>

/** A plan as it is answered. */
export const planAnswer = z
  .object({
    key: z.string(),
    name: z.string(),
    monthly_price_cents: z.int(),
    allowances: z.array(z.object({ meter: z.string(), quantity: decimalAnswer })).readonly(),
    entitlements: z.array(z.object({ asset: z.string(), amount: decimalAnswer })).readonly(),
    seats: z.int().nullable(),
  })
  .meta({ id: 'Plan' })
export type PlanAnswer = z.infer<typeof planAnswer>

/** `GET /plans`. */
export const plansAnswer = z.object({ data: z.array(planAnswer).readonly() }).meta({ id: 'PlanList' })

/** `PUT /organizations/{org}/plan`. */
export const accountPlanInput = strict({
  plan: keyField.nullable().meta({ description: 'The key of a plan; null leaves the plan.' }),
  anchor_day: z
    .int('Use a whole number from 1 to 31.')
    .min(1, 'Use a whole number from 1 to 31.')
    .max(31, 'Use a whole number from 1 to 31.')
    .optional()
    .meta({ description: 'The day of the month on which periods begin. The one in force, or 1, when left out.' }),
}).meta({ id: 'AccountPlanInput' })
export type AccountPlanInput = z.infer<typeof accountPlanInput>

/** `?dry_run=true`: what would change, and nothing is written. */
export const dryRunQuery = strict({
  dry_run: z.enum(['true', 'false'], 'Use true or false.').default('false'),
})
export type DryRunQuery = z.infer<typeof dryRunQuery>

const changed = <Schema extends z.ZodType>(value: Schema) => z.object({ before: value, after: value })

/** What a change of plan does, or would do. */
export const planChangeAnswer = z
  .object({
    organization: idField,
    dry_run: z.boolean(),
    plan: changed(z.string().nullable()),
    anchor_day: changed(z.int().nullable()),
    period: z.object({ from: instantField, to: instantField }).nullable().meta({
      description: 'The period that runs under the plan after the change.',
    }),
    next_period_at: instantField.nullable(),
    price: z.object({
      before_cents: z.int(),
      after_cents: z.int(),
      days_left: z.int().meta({ description: 'Days left of the period, a begun day counted whole.' }),
      unused_cents: z.int().meta({ description: 'What of the price before falls on the rest of its period.' }),
      remaining_cents: z.int().meta({ description: 'What the price after comes to for the rest of the period.' }),
      difference_cents: z
        .int()
        .meta({ description: '`remaining_cents` − `unused_cents`; negative in favour of the customer.' }),
      sentence: z.string(),
    }),
    seats: z.object({ before: z.int().nullable(), after: z.int().nullable(), used: z.int() }),
    allowances: z
      .array(
        z.object({
          meter: z.string(),
          before: decimalAnswer,
          after: decimalAnswer,
          used: decimalAnswer.meta({ description: 'What was covered, or is reserved, in this period so far.' }),
          left: decimalAnswer.meta({ description: 'What is left of it after the change.' }),
        }),
      )
      .readonly(),
    entitlements: z
      .array(
        z.object({
          asset: z.string(),
          before: decimalAnswer,
          after: decimalAnswer,
          granted: decimalAnswer.meta({ description: 'What was granted for this period before the change.' }),
          now: decimalAnswer.meta({ description: 'What is granted at once.' }),
          next_period: decimalAnswer.meta({ description: 'What is granted for the next period.' }),
        }),
      )
      .readonly(),
  })
  .meta({ id: 'PlanChange' })
export type PlanChangeAnswer = z.infer<typeof planChangeAnswer>
