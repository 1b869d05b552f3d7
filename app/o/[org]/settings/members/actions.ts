'use server'

import { revalidatePath } from 'next/cache'
import { redirect } from 'next/navigation'

import type { MembersState } from '@/components/members/members-action'
import type { Role, Seat } from '@/lib/auth/rules/actor'
import { actionViewer } from '@/lib/auth/viewer'
import { systemClock } from '@/lib/clock'
import { refusal } from '@/lib/http/refusal'
import { changeMember } from '@/lib/organizations/change-member'
import { inviteMember } from '@/lib/organizations/invite-member'
import { removeMember } from '@/lib/organizations/remove-member'
import { revokeInvitation } from '@/lib/organizations/revoke-invitation'

/** Invites somebody. Fields: `email`, `place`. */
export async function inviteAction(org: string, _previous: MembersState, form: FormData): Promise<MembersState> {
  const values = { email: text(form, 'email'), place: text(form, 'place') }
  const viewer = await actionViewer('members:read', org)
  if (!viewer.ok) return { ...refusal(viewer.error), values }
  const { actor, organization } = viewer.value
  const input = { organizationId: organization.id, email: values.email, ...readPlace(values.place) }
  const invited = await inviteMember(actor, input, systemClock)
  if (!invited.ok) return { ...refusal(invited.error), values }
  revalidatePath(`/o/${org}/settings/members`)
  return { done: `Invitation sent to ${invited.value.email}. It works for 7 days.` }
}

/** Changes a member's role. Fields: `member`, `place`. */
export async function changeAction(org: string, _previous: MembersState, form: FormData): Promise<MembersState> {
  const viewer = await actionViewer('members:read', org)
  if (!viewer.ok) return refusal(viewer.error)
  const { actor, organization } = viewer.value
  const input = { organizationId: organization.id, memberId: text(form, 'member'), ...readPlace(text(form, 'place')) }
  const changed = await changeMember(actor, input)
  if (!changed.ok) return refusal(changed.error)
  revalidatePath(`/o/${org}/settings/members`)
  return { done: 'Role saved.' }
}

/** Removes a member, or leaves. Field: `member`. */
export async function removeAction(org: string, _previous: MembersState, form: FormData): Promise<MembersState> {
  const viewer = await actionViewer('organizations:read', org)
  if (!viewer.ok) return refusal(viewer.error)
  const { actor, organization } = viewer.value
  const removed = await removeMember(actor, { organizationId: organization.id, memberId: text(form, 'member') })
  if (!removed.ok) return refusal(removed.error)
  if (removed.value.hasLeft) redirect('/')
  revalidatePath(`/o/${org}/settings/members`)
  return { done: 'Removed.' }
}

/** Withdraws an invitation. Field: `invitation`. Gone already is as good as withdrawn. */
export async function revokeAction(org: string, form: FormData): Promise<void> {
  const viewer = await actionViewer('members:read', org)
  if (viewer.ok) {
    const { actor, organization } = viewer.value
    await revokeInvitation(
      actor,
      { organizationId: organization.id, invitationId: text(form, 'invitation') },
      systemClock,
    )
  }
  revalidatePath(`/o/${org}/settings/members`)
}

/** A select can only post strings; what is not a place goes on as it is, for the verb to refuse. */
function readPlace(value: string): { role: Role; seat: Seat } {
  const [role, seat] = value.split(':')
  return { role: role as Role, seat: seat as Seat }
}

function text(form: FormData, field: string): string {
  const value = form.get(field)
  return typeof value === 'string' ? value.slice(0, 300) : ''
}
