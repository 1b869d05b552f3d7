import { invalidField, type PurserError } from '@/lib/errors'
import { err, ok, type Result } from '@/lib/result'

import type { Actor, Role, Seat } from './actor'
import { can } from './permissions'

/** A member as a decision about members needs to know them. */
export type Place = { readonly userId: string; readonly role: Role; readonly seat: Seat }

/** What a member is to become. */
export type NewPlace = { readonly role: Role; readonly seat: Seat }

/**
 * Whether the actor may give somebody this place. Only an owner makes owners; a Lite seat is for members, because owners and
 * admins answer for the pool and must see it.
 */
export function mayGivePlace(actor: Actor, organizationId: string, place: NewPlace): Result<null, PurserError> {
  const isOwnerGiven = place.role === 'owner'
  if (!can(actor, isOwnerGiven ? 'members:manage_owners' : 'members:manage', { organizationId })) {
    return err({ code: 'forbidden' })
  }
  if (place.seat === 'lite' && place.role !== 'member') {
    return err(invalidField('seat', 'Only members can have a Lite seat. Choose Pro for owners and admins.'))
  }
  return ok(null)
}

/**
 * Whether the actor may change a member's place, or remove them (`next` is null). The last owner can neither leave nor step
 * down: somebody must be able to pay. `owners` counts the organization's owners, the member included.
 */
export function decideMemberChange(
  actor: Actor,
  organizationId: string,
  member: Place,
  next: NewPlace | null,
  owners: number,
): Result<null, PurserError> {
  const isLeaving = next === null && actor.kind === 'user' && actor.userId === member.userId
  const needed = member.role === 'owner' ? 'members:manage_owners' : 'members:manage'
  if (!isLeaving && !can(actor, needed, { organizationId })) return err({ code: 'forbidden' })
  if (isLeaving && actor.kind === 'user' && actor.organizationId !== organizationId) return err({ code: 'forbidden' })
  if (member.role === 'owner' && next?.role !== 'owner' && owners <= 1) {
    return err({
      code: 'conflict',
      message: 'This is the only owner. Make somebody else an owner first.',
    })
  }
  return next === null ? ok(null) : mayGivePlace(actor, organizationId, next)
}

/** A place in words, with its article: "invited you as a member with a Lite seat". */
export function placeLabel(role: Role, seat: Seat): string {
  if (role === 'owner') return 'an owner'
  if (role === 'admin') return 'an admin'
  return seat === 'lite' ? 'a member with a Lite seat' : 'a member'
}

/** A role as a title: "Owner", "Lite member". */
export function roleTitle(role: Role, seat: Seat): string {
  if (role === 'owner') return 'Owner'
  if (role === 'admin') return 'Admin'
  return seat === 'lite' ? 'Lite member' : 'Member'
}
