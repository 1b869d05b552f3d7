import { z } from 'zod'

import { RECHARGE_SIZES, RECHARGE_TRIGGERS } from '@/lib/billing/rules/recharge'

import type { OrganizationInMode } from './contract'
import { AT_ZERO, type EffectivePolicy } from './rules/effective-policy'

function sourced<Schema extends z.ZodType>(value: Schema) {
  return z.object({ value, source: z.enum(['default', 'operator', 'account']) }).readonly()
}

/** The policy in force: each value with where it comes from. */
export const policyAnswer: z.ZodType<EffectivePolicy> = z
  .object({
    at_zero: sourced(z.enum(AT_ZERO)),
    overdraft_limit: sourced(z.string()),
    purchase_expiry: sourced(z.union([z.literal('never'), z.literal('contract_end'), z.object({ days: z.int() })])),
    minimum_purchase_cents: sourced(z.int()),
    credits_per_usd: sourced(z.string()),
    packs: sourced(z.array(z.int()).readonly()),
    display_decimals: sourced(z.int()),
    recharge_trigger: sourced(z.enum(RECHARGE_TRIGGERS)),
    recharge_size: sourced(z.enum(RECHARGE_SIZES)),
    debt_limit_cents: sourced(z.int()),
    billing_mode: sourced(z.union([z.literal('prepaid'), z.object({ postpaid_until: z.string() })])),
  })
  .meta({ id: 'Policy' })

/** `GET /organizations/{org}`. */
export const organizationAnswer = z
  .object({
    id: z.string(),
    external_id: z.string(),
    name: z.string(),
    email: z.string().nullable(),
    mode: z.enum(['live', 'test']),
    time_zone: z.string(),
    plan: z.string().nullable(),
    policy: policyAnswer,
  })
  .meta({ id: 'Organization' })
export type OrganizationAnswer = z.infer<typeof organizationAnswer>

/** An organization as the API answers it. */
export function toOrganizationAnswer(organization: OrganizationInMode): OrganizationAnswer {
  const { id, externalId, name, email, mode, timeZone, plan, policy } = organization
  return { id, external_id: externalId, name, email, mode, time_zone: timeZone, plan, policy }
}
