import 'server-only'

import type { Actor } from '@/lib/auth/rules/actor'
import { can } from '@/lib/auth/rules/permissions'
import type { Clock } from '@/lib/clock'
import { readId } from '@/lib/db/ids'
import { withdrawInvitation } from '@/lib/db/invitations'
import type { PurserError } from '@/lib/errors'
import { err, ok, type Result } from '@/lib/result'

/** Withdraws an open invitation (`inv_…`): its link stops working at once. Errors: forbidden, not_found (none open). */
export async function revokeInvitation(
  actor: Actor,
  input: { readonly organizationId: string; readonly invitationId: string },
  { now }: Clock,
): Promise<Result<null, PurserError>> {
  if (!can(actor, 'members:manage', input)) return err({ code: 'forbidden' })
  const id = readId('inv', input.invitationId)
  const isWithdrawn = id !== null && (await withdrawInvitation(input.organizationId, id, now()))
  return isWithdrawn ? ok(null) : err({ code: 'not_found', what: 'invitation' })
}
