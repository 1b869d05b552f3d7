import { z } from 'zod'

import type { Role, Seat } from '@/lib/auth/rules/actor'
import { RECHARGE_SIZES, RECHARGE_TRIGGERS } from '@/lib/billing/rules/recharge'
import { AT_ZERO, type EffectivePolicy, type PolicyOverride } from './rules/effective-policy'

/** `org_`, `ent_` … followed by 26 characters: how ids of Purser look, so that a caller's own id can never be taken for one. */
const OUR_ID = /^[a-z]{2,8}_[0-7][0-9a-hjkmnp-tv-z]{25}$/

/** An organization's name at the caller: 1 to 128 printable characters, not shaped like an id of Purser. */
const externalIdSchema = z
  .string()
  .max(128, 'must have at most 128 characters')
  .regex(
    /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/,
    'must have 1 to 128 printable ASCII characters and no space at its ends',
  )
  .refine((text) => !OUR_ID.test(text), 'must not look like an id of Purser')

const nameSchema = z
  .string()
  .trim()
  .min(1, 'must not be empty')
  .max(120, 'must have at most 120 characters')
  .refine((text) => !/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u.test(text), 'must be one line of text')

/** An e-mail address as Purser keeps it: trimmed and in lower case. */
export const emailSchema = z
  .string()
  .trim()
  .toLowerCase()
  .max(254, 'Give an e-mail address of at most 254 characters.')
  .pipe(z.email('Give an e-mail address such as ana@example.com.'))

const timeZoneSchema = z
  .string()
  .max(64)
  .refine(isTimeZone, 'must be an IANA time zone such as Europe/Berlin')
  .transform((zone) => new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone)

/** `POST /organizations`. Unknown fields are refused by name. */
export const createOrganizationSchema = z.strictObject({
  external_id: externalIdSchema,
  name: nameSchema,
  email: emailSchema.nullable().default(null),
  time_zone: timeZoneSchema.default('UTC'),
})
export type CreateOrganization = z.infer<typeof createOrganizationSchema>

const limitSchema = z.string().regex(/^(?:0|[1-9]\d{0,9})(?:\.\d{1,9})?$/, 'must be a decimal string, zero or more')
const rateSchema = z
  .string()
  .regex(/^(?:0|[1-9]\d{0,6})(?:\.\d{1,6})?$/, 'must be a decimal string')
  .refine((text) => /[1-9]/.test(text), 'must be more than zero')
const centsSchema = z.int().min(50, 'must be at least 50 cents').max(99_999_999)

/** What an operator or an account may set of its policy; stored as it is here. Unknown fields are refused by name. */
export const policyOverrideSchema: z.ZodType<PolicyOverride> = z.strictObject({
  at_zero: z.enum(AT_ZERO).optional(),
  overdraft_limit: limitSchema.optional(),
  purchase_expiry: z
    .union([z.literal('never'), z.literal('contract_end'), z.strictObject({ days: z.int().min(1).max(3_660) })])
    .optional(),
  minimum_purchase_cents: centsSchema.optional(),
  credits_per_usd: rateSchema.optional(),
  packs: z.array(centsSchema).max(12).optional(),
  display_decimals: z.int().min(0).max(9).optional(),
  recharge_trigger: z.enum(RECHARGE_TRIGGERS).optional(),
  recharge_size: z.enum(RECHARGE_SIZES).optional(),
  debt_limit_cents: centsSchema.optional(),
  billing_mode: z
    .union([
      z.literal('prepaid'),
      z.strictObject({
        postpaid_until: z.iso
          .datetime({ offset: true, error: 'must be an instant such as 2027-01-01T00:00:00Z' })
          .transform((text) => new Date(text).toISOString()),
      }),
    ])
    .optional(),
})

/** An organization as one mode sees it. Ids are outside ids (`org_…`). */
export type OrganizationInMode = {
  readonly id: string
  readonly organizationId: string
  readonly accountId: string
  readonly externalId: string
  readonly slug: string
  readonly name: string
  readonly email: string | null
  readonly mode: 'live' | 'test'
  readonly timeZone: string
  /** The key of the plan that it is on. */
  readonly plan: string | null
  readonly policy: EffectivePolicy
}

const roleSchema = z.enum(['owner', 'admin', 'member'])
const seatSchema = z.enum(['pro', 'lite'])

/** An invitation to be sent. */
export const inviteMemberSchema = z.object({ email: emailSchema, role: roleSchema, seat: seatSchema })
export type InviteMember = z.input<typeof inviteMemberSchema>

/** A member's new role and seat. `memberId` is an outside id (`mem_…`). */
export const changeMemberSchema = z.object({ memberId: z.string().max(64), role: roleSchema, seat: seatSchema })
export type ChangeMember = z.input<typeof changeMemberSchema>

/** One person of an organization, for the members page. Times are ISO 8601 in UTC. */
export type MemberDto = {
  readonly id: string
  readonly name: string
  readonly email: string
  readonly role: Role
  readonly seat: Seat
  readonly joinedAt: string
  readonly lastSeenAt: string | null
  readonly isViewer: boolean
}

/** An invitation that is neither accepted, revoked nor expired. */
export type PendingInvitationDto = {
  readonly id: string
  readonly email: string
  readonly role: Role
  readonly seat: Seat
  readonly invitedByName: string
  readonly expiresAt: string
}

/** The members page. `canManage` and `canManageOwners` say which controls are shown; the verbs decide. */
export type MembersDto = {
  readonly members: readonly MemberDto[]
  /** Empty for those who cannot manage members. */
  readonly invitations: readonly PendingInvitationDto[]
  readonly canManage: boolean
  readonly canManageOwners: boolean
}

/** What an invitation offers and what became of it, for the page behind its link. */
export type InvitationOfferDto = {
  readonly status: 'open' | 'expired' | 'used' | 'revoked'
  readonly organizationName: string
  readonly organizationSlug: string
  readonly email: string
  readonly role: Role
  readonly seat: Seat
  readonly invitedByName: string
}

/** A secret key without its secret. Times are ISO 8601 in UTC. */
export type ApiKeyDto = {
  readonly id: string
  readonly mode: 'live' | 'test'
  readonly name: string
  readonly prefix: string
  readonly createdAt: string
  readonly lastUsedAt: string | null
  readonly revokedAt: string | null
}

/** A key to be made. */
export const createApiKeySchema = z.strictObject({ mode: z.enum(['live', 'test']), name: nameSchema })
export type CreateApiKey = z.input<typeof createApiKeySchema>

function isTimeZone(zone: string): boolean {
  if (!/^[A-Za-z][A-Za-z0-9_+\-/]*$/.test(zone)) return false
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone })
    return true
  } catch {
    return false
  }
}
