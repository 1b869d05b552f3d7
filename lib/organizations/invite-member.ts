import 'server-only'

import type { Actor } from '@/lib/auth/rules/actor'
import { mayGivePlace, placeLabel } from '@/lib/auth/rules/roles'
import type { Clock } from '@/lib/clock'
import { countOpenInvitations, insertInvitation, isMemberEmail, replaceInvitations } from '@/lib/db/invitations'
import { addLetter } from '@/lib/db/mail'
import { lockOrganization } from '@/lib/db/memberships'
import { findOrganizationName } from '@/lib/db/organizations'
import { inTransaction, type Tx } from '@/lib/db/pool'
import { hashSecret, newToken } from '@/lib/db/secrets'
import { findUser } from '@/lib/db/users'
import { invalidField, type PurserError } from '@/lib/errors'
import { invitationLetter } from '@/lib/mail/invitation-letter'
import { err, ok, type Result } from '@/lib/result'

import { inviteMemberSchema, type InviteMember } from './contract'
import { fieldErrors } from './field-errors'

const VALID_DAYS = 7
const MOST_OPEN = 200

/**
 * Invites somebody by e-mail. A second invitation to the same address replaces the first. Locks the organization, so that an
 * address that is just accepting is seen. Errors: forbidden (members; admins inviting an owner), invalid_input, conflict (is a
 * member already), not_found.
 */
export async function inviteMember(
  actor: Actor,
  input: InviteMember & { readonly organizationId: string },
  { now }: Clock,
): Promise<Result<{ readonly email: string }, PurserError>> {
  const parsed = inviteMemberSchema.safeParse(input)
  if (!parsed.success) return err(fieldErrors(parsed.error))
  const place = mayGivePlace(actor, input.organizationId, parsed.data)
  if (!place.ok) return place
  if (actor.kind !== 'user') return err({ code: 'forbidden' })
  const inviter = await findUser(actor.userId)
  const organizationName = await findOrganizationName(input.organizationId)
  if (inviter === null || organizationName === null) return err({ code: 'not_found', what: 'organization' })
  const at = now()
  return inTransaction(async (tx) => {
    await lockOrganization(tx, input.organizationId)
    const refusal = await refusalOf(tx, input.organizationId, parsed.data.email, at)
    if (refusal !== null) return err(refusal)
    const token = newToken()
    const { email, role, seat } = parsed.data
    const expiresAt = new Date(at.getTime() + VALID_DAYS * 86_400_000)
    const invitation = { organizationId: input.organizationId, email, role, seat, invitedById: inviter.id, expiresAt }
    await replaceInvitations(tx, input.organizationId, email, at)
    await insertInvitation(tx, { ...invitation, tokenHash: hashSecret(token) }, at)
    const letter = invitationLetter({
      organizationName,
      inviterName: inviter.name,
      roleLabel: placeLabel(role, seat),
      path: `/invite/${token}`,
      days: VALID_DAYS,
    })
    await addLetter(tx, { recipient: email, ...letter }, at)
    return ok({ email })
  })
}

async function refusalOf(tx: Tx, organizationId: string, email: string, at: Date): Promise<PurserError | null> {
  if (await isMemberEmail(tx, organizationId, email)) return invalidField('email', `${email} is a member already.`)
  if ((await countOpenInvitations(tx, organizationId, at)) >= MOST_OPEN) {
    return { code: 'conflict', message: `${MOST_OPEN} invitations are open. Revoke some before you send more.` }
  }
  return null
}
