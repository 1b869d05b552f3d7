import 'server-only'

import type { Clock } from '@/lib/clock'
import { consumeInvitation, findInvitation } from '@/lib/db/invitations'
import { addMembership, lockOrganization } from '@/lib/db/memberships'
import { inTransaction } from '@/lib/db/pool'
import { hashSecret } from '@/lib/db/secrets'
import { findUser } from '@/lib/db/users'
import type { PurserError } from '@/lib/errors'
import { err, ok, type Result } from '@/lib/result'

/**
 * Makes the signed-in person a member. The invitation is for one address: whoever else got hold of the link is refused, so a
 * forwarded mail gives nothing away. Locks the organization; the token is used up in one statement. Errors: unauthenticated,
 * not_found (unknown, used, revoked or expired), conflict (another address). A member already keeps role and seat.
 */
export async function acceptInvitation(
  person: { readonly userId: string },
  input: { readonly token: string },
  { now }: Clock,
): Promise<Result<{ readonly organizationSlug: string }, PurserError>> {
  const user = await findUser(person.userId)
  if (user === null) return err({ code: 'unauthenticated' })
  const tokenHash = hashSecret(input.token)
  const at = now()
  const offer = await findInvitation(tokenHash)
  if (offer === null) return err({ code: 'not_found', what: 'invitation' })
  if (offer.email !== user.email) {
    const message = `This invitation is for ${offer.email}. You are signed in as ${user.email}.`
    return err({ code: 'conflict', message })
  }
  return inTransaction(async (tx) => {
    await lockOrganization(tx, offer.organizationId)
    const place = await consumeInvitation(tx, tokenHash, at, user.email)
    if (place === null) return err({ code: 'not_found', what: 'invitation' })
    await addMembership(tx, { ...place, userId: user.id }, at)
    return ok({ organizationSlug: offer.organizationSlug })
  })
}
