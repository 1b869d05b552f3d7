import 'server-only'

import type { Actor } from '@/lib/auth/rules/actor'
import { can } from '@/lib/auth/rules/permissions'
import type { Clock } from '@/lib/clock'
import { showId } from '@/lib/db/ids'
import { listOpenInvitations } from '@/lib/db/invitations'
import { listMemberships } from '@/lib/db/memberships'
import type { PurserError } from '@/lib/errors'
import { err, ok, type Result } from '@/lib/result'

import type { MembersDto } from './contract'

/** The members of an organization and, for those who manage them, its open invitations. Errors: forbidden (Lite seats). */
export async function listMembers(
  actor: Actor,
  input: { readonly organizationId: string },
  { now }: Clock,
): Promise<Result<MembersDto, PurserError>> {
  if (!can(actor, 'members:read', input)) return err({ code: 'forbidden' })
  const canManage = can(actor, 'members:manage', input)
  const [members, invitations] = await Promise.all([
    listMemberships(input.organizationId),
    canManage ? listOpenInvitations(input.organizationId, now()) : [],
  ])
  return ok({
    members: members.map((member) => ({
      id: showId('mem', member.id),
      name: member.name,
      email: member.email,
      role: member.role,
      seat: member.seat,
      joinedAt: member.createdAt.toISOString(),
      lastSeenAt: member.lastSeenAt?.toISOString() ?? null,
      isViewer: actor.kind === 'user' && actor.userId === member.userId,
    })),
    invitations: invitations.map(({ id, email, role, seat, invitedByName, expiresAt }) => ({
      id: showId('inv', id),
      email,
      role,
      seat,
      invitedByName,
      expiresAt: expiresAt.toISOString(),
    })),
    canManage,
    canManageOwners: can(actor, 'members:manage_owners', input),
  })
}
