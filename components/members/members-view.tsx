import { PageHeader } from '@/components/layout/page-header'
import { TimeStamp } from '@/components/money/time-stamp'
import { Badge } from '@/components/ui/badge'
import { Card } from '@/components/ui/card'
import { DataTable, type Column } from '@/components/ui/data-table'
import { SubmitButton } from '@/components/ui/submit-button'
import { roleTitle } from '@/lib/auth/rules/roles'
import type { MemberDto, MembersDto, PendingInvitationDto } from '@/lib/organizations/contract'

import { InviteForm } from './invite-form'
import { MemberControls } from './member-controls'
import type { MembersAction } from './members-action'

type MembersViewProps = {
  readonly members: MembersDto
  readonly now: string
  readonly timeZone: string
  readonly inviteAction: MembersAction
  readonly changeAction: MembersAction
  readonly removeAction: MembersAction
  /** Field: `invitation`. */
  readonly revokeAction: (form: FormData) => Promise<void>
}

/** Who belongs to the organization. Members read it; owners and admins also change it. */
export function MembersView(props: MembersViewProps) {
  const { members, inviteAction, revokeAction } = props
  const lead = members.canManage
    ? 'Owners and admins buy credits and manage cards. Members spend from the shared pool, Lite members from their own allocation.'
    : `Owners and admins invite people and change roles. Ask ${managerNames(members)}.`
  return (
    <>
      <PageHeader title="Members" lead={lead} />
      <div className="flex flex-col gap-6">
        {members.canManage && (
          <Card title="Invite somebody">
            <InviteForm action={inviteAction} canManageOwners={members.canManageOwners} />
          </Card>
        )}
        <Card title={members.members.length === 1 ? '1 member' : `${members.members.length} members`}>
          <DataTable
            caption="Members"
            columns={memberColumns(props)}
            rows={members.members}
            rowKey={(member) => member.id}
          />
        </Card>
        {members.invitations.length > 0 && (
          <Card title="Open invitations">
            <DataTable
              caption="Open invitations"
              columns={invitationColumns(props, revokeAction)}
              rows={members.invitations}
              rowKey={(invitation) => invitation.id}
            />
          </Card>
        )}
      </div>
    </>
  )
}

function memberColumns({ members, now, timeZone, changeAction, removeAction }: MembersViewProps): Column<MemberDto>[] {
  const { canManage, canManageOwners } = members
  const columns: Column<MemberDto>[] = [
    {
      header: 'Name',
      isPrimary: true,
      render: (member) => (
        <span className="flex flex-wrap items-center gap-2">
          {member.name} {member.isViewer && <Badge>You</Badge>}
        </span>
      ),
    },
    { header: 'E-mail', render: (member) => <span className="break-all">{member.email}</span> },
    { header: 'Role', render: (member) => roleTitle(member.role, member.seat) },
    {
      header: 'Last active',
      render: (member) =>
        member.lastSeenAt === null ? (
          <span className="text-muted">Never</span>
        ) : (
          <TimeStamp at={member.lastSeenAt} now={now} timeZone={timeZone} />
        ),
    },
  ]
  if (!canManage) return columns
  const controls = (member: MemberDto) =>
    member.role !== 'owner' || canManageOwners ? (
      <MemberControls
        member={member}
        canManageOwners={canManageOwners}
        changeAction={changeAction}
        removeAction={removeAction}
      />
    ) : (
      <span className="text-muted">Owners only</span>
    )
  return [...columns, { header: 'Manage', render: controls }]
}

function invitationColumns(
  { now, timeZone }: MembersViewProps,
  revokeAction: (form: FormData) => Promise<void>,
): Column<PendingInvitationDto>[] {
  return [
    { header: 'E-mail', isPrimary: true, render: ({ email }) => <span className="break-all">{email}</span> },
    { header: 'Role', render: ({ role, seat }) => roleTitle(role, seat) },
    { header: 'Invited by', render: ({ invitedByName }) => invitedByName },
    { header: 'Expires', render: ({ expiresAt }) => <TimeStamp at={expiresAt} now={now} timeZone={timeZone} /> },
    {
      header: 'Manage',
      render: ({ id, email }) => (
        <form action={revokeAction}>
          <input type="hidden" name="invitation" value={id} />
          <SubmitButton variant="secondary" size="small">
            Revoke <span className="sr-only">the invitation of {email}</span>
          </SubmitButton>
        </form>
      ),
    },
  ]
}

function managerNames({ members }: MembersDto): string {
  const names = members.filter(({ role }) => role !== 'member').map(({ name }) => name)
  return new Intl.ListFormat('en', { type: 'disjunction' }).format(names.slice(0, 4))
}
