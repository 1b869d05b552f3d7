import 'server-only'

import type { Actor } from '@/lib/auth/rules/actor'
import { decideMemberChange } from '@/lib/auth/rules/roles'
import { readId } from '@/lib/db/ids'
import { countOwners, deleteMembership, findMembership, lockOrganization } from '@/lib/db/memberships'
import { inTransaction } from '@/lib/db/pool'
import type { PurserError } from '@/lib/errors'
import { err, ok, type Result } from '@/lib/result'

/**
 * Takes somebody's membership away, or one's own (leaving). Their next request is refused: roles are read anew each time. Locks
 * the organization. Errors: forbidden, not_found, conflict (the last owner).
 */
export async function removeMember(
  actor: Actor,
  input: { readonly organizationId: string; readonly memberId: string },
): Promise<Result<{ readonly hasLeft: boolean }, PurserError>> {
  const { organizationId } = input
  if (actor.kind === 'user' && actor.organizationId !== organizationId) return err({ code: 'forbidden' })
  const id = readId('mem', input.memberId)
  if (id === null) return err({ code: 'not_found', what: 'member' })
  return inTransaction(async (tx) => {
    await lockOrganization(tx, organizationId)
    const member = await findMembership(tx, organizationId, id)
    if (member === null) return err({ code: 'not_found', what: 'member' })
    const decision = decideMemberChange(actor, organizationId, member, null, await countOwners(tx, organizationId))
    if (!decision.ok) return decision
    await deleteMembership(tx, id)
    return ok({ hasLeft: actor.kind === 'user' && actor.userId === member.userId })
  })
}
