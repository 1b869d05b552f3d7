import 'server-only'

import type { Clock } from '@/lib/clock'
import { findOpenInvitation } from '@/lib/db/invitations'
import { hashSecret } from '@/lib/db/secrets'
import type { PurserError } from '@/lib/errors'
import { err, ok, type Result } from '@/lib/result'

import type { InvitationOfferDto } from './contract'

/** What an invitation offers, to whoever holds its link. Errors: not_found (unknown, used, revoked or expired; not told apart). */
export async function readInvitation(token: string, { now }: Clock): Promise<Result<InvitationOfferDto, PurserError>> {
  const invitation = await findOpenInvitation(hashSecret(token), now())
  if (invitation === null) return err({ code: 'not_found', what: 'invitation' })
  const { organizationName, organizationSlug, email, role, seat, invitedByName } = invitation
  return ok({ organizationName, organizationSlug, email, role, seat, invitedByName })
}
