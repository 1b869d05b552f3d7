import type { Metadata, Route } from 'next'
import { redirect } from 'next/navigation'

import { InviteView, type InvitationView } from '@/components/sign-in/invite-view'
import { placeLabel } from '@/lib/auth/rules/roles'
import { currentPerson } from '@/lib/auth/session'
import { signInPath } from '@/lib/auth/viewer'
import { systemClock } from '@/lib/clock'
import { acceptInvitation } from '@/lib/organizations/accept-invitation'
import { readInvitation } from '@/lib/organizations/read-invitation'

// The address carries a secret: no other site learns it. Stricter than this, and forms without JavaScript lose their origin.
export const metadata: Metadata = { title: 'Invitation', referrer: 'same-origin' }

type Props = { readonly params: Promise<{ readonly token: string }> }

export default async function InvitePage({ params }: Props) {
  const { token } = await params

  async function acceptAction() {
    'use server'
    const person = await currentPerson()
    const here = `/invite/${encodeURIComponent(token)}` as const
    if (person === null) redirect(signInPath(here))
    const accepted = await acceptInvitation({ userId: person.id }, { token }, systemClock)
    redirect((accepted.ok ? `/o/${accepted.value.organizationSlug}` : here) as Route)
  }

  return <InviteView invitation={await describeInvitation(token)} acceptAction={acceptAction} />
}

async function describeInvitation(token: string): Promise<InvitationView> {
  const [offer, person] = [await readInvitation(token, systemClock), await currentPerson()]
  if (!offer.ok) return { status: 'unknown' }
  const { status, organizationName, email, role, seat, invitedByName } = offer.value
  if (status !== 'open') return { status }
  if (person !== null && person.email !== email) return { status: 'wrong_account', email, signedInAs: person.email }
  const roleLabel = placeLabel(role, seat)
  return { status, organizationName, inviterName: invitedByName, roleLabel, email, isSignedIn: person !== null }
}
