import type { Metadata } from 'next'
import { forbidden } from 'next/navigation'

import { MembersView } from '@/components/members/members-view'
import { requireViewer } from '@/lib/auth/viewer'
import { systemClock } from '@/lib/clock'
import { listMembers } from '@/lib/organizations/list-members'

import { changeAction, inviteAction, removeAction, revokeAction } from './actions'

export const metadata: Metadata = { title: 'Members' }

type Props = { readonly params: Promise<{ readonly org: string }> }

export default async function MembersPage({ params }: Props) {
  const { org } = await params
  const viewer = await requireViewer('members:read', org, '/settings/members')
  const members = await listMembers(viewer.actor, { organizationId: viewer.organization.id }, systemClock)
  if (!members.ok) forbidden()
  return (
    <MembersView
      members={members.value}
      now={systemClock.now().toISOString()}
      timeZone={viewer.account.timeZone}
      inviteAction={inviteAction.bind(null, org)}
      changeAction={changeAction.bind(null, org)}
      removeAction={removeAction.bind(null, org)}
      revokeAction={revokeAction.bind(null, org)}
    />
  )
}
