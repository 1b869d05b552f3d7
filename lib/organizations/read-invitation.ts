import 'server-only'

import type { Clock } from '@/lib/clock'
import { findInvitation, type Invitation } from '@/lib/db/invitations'
import { hashSecret } from '@/lib/db/secrets'
import type { PurserError } from '@/lib/errors'
import { err, ok, type Result } from '@/lib/result'

import type { InvitationOfferDto } from './contract'

/** What an invitation offers and what became of it, to whoever holds its link. Errors: not_found. */
export async function readInvitation(token: string, { now }: Clock): Promise<Result<InvitationOfferDto, PurserError>> {
  const invitation = await findInvitation(hashSecret(token))
  if (invitation === null) return err({ code: 'not_found', what: 'invitation' })
  const { organizationName, organizationSlug, email, role, seat, invitedByName } = invitation
  const status = statusOf(invitation, now())
  return ok({ status, organizationName, organizationSlug, email, role, seat, invitedByName })
}

function statusOf({ acceptedAt, revokedAt, expiresAt }: Invitation, at: Date): InvitationOfferDto['status'] {
  if (acceptedAt !== null) return 'used'
  if (revokedAt !== null) return 'revoked'
  return expiresAt <= at ? 'expired' : 'open'
}
