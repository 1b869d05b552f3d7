import { LinkButton } from '@/components/ui/link-button'
import { SubmitButton } from '@/components/ui/submit-button'
import { Entrance } from './entrance'

/** An invitation as the invited person sees it. `wrong_account`: signed in with another address. */
export type InvitationView =
  | {
      readonly status: 'open'
      readonly organizationName: string
      readonly inviterName: string
      readonly roleLabel: string
      readonly email: string
      readonly isSignedIn: boolean
    }
  | { readonly status: 'wrong_account'; readonly email: string; readonly signedInAs: string }
  | { readonly status: 'expired' | 'used' | 'revoked' | 'unknown' }

type InviteViewProps = {
  readonly invitation: InvitationView
  readonly acceptAction: () => Promise<void>
}

const CLOSED: Readonly<Record<'expired' | 'used' | 'revoked' | 'unknown', { title: string; text: string }>> = {
  expired: { title: 'This invitation has expired', text: 'Ask the person who invited you to send a new one.' },
  used: { title: 'This invitation was already used', text: 'If it was you, sign in to continue.' },
  revoked: {
    title: 'This invitation was withdrawn',
    text: 'Ask an owner of the organization if you still need access.',
  },
  unknown: { title: 'This invitation does not exist', text: 'Check that the whole link was copied from the e-mail.' },
}

/** Joining an organization: who invites, as what, and one button. */
export function InviteView({ invitation, acceptAction }: InviteViewProps) {
  if (invitation.status === 'wrong_account') {
    return (
      <Entrance title="This invitation is for somebody else">
        <p>
          It was sent to {invitation.email}. You are signed in as {invitation.signedInAs}. Sign in with the other
          address to accept it.
        </p>
        <BackToSignIn />
      </Entrance>
    )
  }
  if (invitation.status !== 'open') {
    const { title, text } = CLOSED[invitation.status]
    return (
      <Entrance title={title}>
        <p>{text}</p>
        <BackToSignIn />
      </Entrance>
    )
  }
  const { organizationName, inviterName, roleLabel, email, isSignedIn } = invitation
  return (
    <Entrance title={`Join ${organizationName}`} lead={`${inviterName} invited ${email} as ${roleLabel}.`}>
      <form action={acceptAction}>
        <SubmitButton isWide>{isSignedIn ? `Join ${organizationName}` : 'Sign in and join'}</SubmitButton>
      </form>
    </Entrance>
  )
}

function BackToSignIn() {
  return (
    <div className="mt-5">
      <LinkButton href="/sign-in" variant="secondary" isWide>
        Sign in
      </LinkButton>
    </div>
  )
}
