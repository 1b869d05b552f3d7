import type { Role, Seat } from '@/lib/auth/rules/actor'
import type { FieldError } from '@/lib/errors'
import { err, ok, type Result } from '@/lib/result'

/** What is known of a member besides their names: the allocation is one of a Lite seat. */
export type MemberPlace<Allocation> = { readonly role: Role; readonly seat: Seat; readonly lite: Allocation | null }

/** What a member is to become; what is undefined stays as it is. */
export type AskedPlace<Allocation> = {
  readonly role: Role | undefined
  readonly seat: Seat
  readonly lite: Allocation | null | undefined
}

/**
 * The place of a member after a change. Only members have a Lite seat, because owners and admins answer for the pool and must see it; only
 * a Lite seat has an allocation, so going to Pro ends it. Errors: the field that makes no sense.
 */
export function placeMember<Allocation>(
  before: MemberPlace<Allocation> | null,
  asked: AskedPlace<Allocation>,
): Result<MemberPlace<Allocation>, FieldError> {
  const role = asked.role ?? before?.role ?? 'member'
  if (asked.seat === 'pro') {
    if (asked.lite === undefined || asked.lite === null) return ok({ role, seat: 'pro', lite: null })
    return err({
      path: 'lite_allocation',
      message: 'Only a Lite seat has an allocation. Leave it out, or use seat "lite".',
    })
  }
  if (role !== 'member') {
    return err({ path: 'seat', message: 'Only members can have a Lite seat. Use pro for owners and admins.' })
  }
  return ok({ role, seat: 'lite', lite: asked.lite === undefined ? (before?.lite ?? null) : asked.lite })
}
