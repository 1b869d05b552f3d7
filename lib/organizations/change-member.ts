import 'server-only'

import type { Actor } from '@/lib/auth/rules/actor'
import { can } from '@/lib/auth/rules/permissions'
import { decideMemberChange } from '@/lib/auth/rules/roles'
import { readId } from '@/lib/db/ids'
import { countOwners, findMembership, lockOrganization, updateMembership } from '@/lib/db/memberships'
import { inTransaction } from '@/lib/db/pool'
import type { PurserError } from '@/lib/errors'
import { err, ok, type Result } from '@/lib/result'

import { changeMemberSchema, type ChangeMember } from './contract'
import { fieldErrors } from './field-errors'

/**
 * Changes a member's role and seat. Locks the organization, so that of two owners who step down at once one stays. Replay: the
 * same change again changes nothing. Errors: forbidden, invalid_input, not_found, conflict (the last owner).
 */
export async function changeMember(
  actor: Actor,
  input: ChangeMember & { readonly organizationId: string },
): Promise<Result<null, PurserError>> {
  const { organizationId } = input
  if (!can(actor, 'members:manage', { organizationId })) return err({ code: 'forbidden' })
  const parsed = changeMemberSchema.safeParse(input)
  if (!parsed.success) return err(fieldErrors(parsed.error))
  const id = readId('mem', parsed.data.memberId)
  if (id === null) return err({ code: 'not_found', what: 'member' })
  return inTransaction(async (tx) => {
    await lockOrganization(tx, organizationId)
    const member = await findMembership(tx, organizationId, id)
    if (member === null) return err({ code: 'not_found', what: 'member' })
    const owners = await countOwners(tx, organizationId)
    const decision = decideMemberChange(actor, organizationId, member, parsed.data, owners)
    if (!decision.ok) return decision
    await updateMembership(tx, id, parsed.data.role, parsed.data.seat)
    return ok(null)
  })
}
