import type { Metadata } from 'next'
import { redirect } from 'next/navigation'

import { signOutAction } from '@/app/sign-out'
import { SignOutForm } from '@/components/layout/sign-out-form'
import { Entrance } from '@/components/sign-in/entrance'
import { homePath, requirePerson } from '@/lib/auth/viewer'

export const metadata: Metadata = { title: 'Welcome' }

/** For people who are signed in and belong to no organization. */
export default async function WelcomePage() {
  const person = await requirePerson('/welcome')
  const home = await homePath(person.id)
  if (home !== '/welcome') redirect(home)
  return (
    <Entrance title={`Welcome, ${person.name}`}>
      <p>
        You are signed in as {person.email}. You do not belong to an organization yet: ask one of its owners or admins
        to invite this address.
      </p>
      <div className="mt-5">
        <SignOutForm action={signOutAction} />
      </div>
    </Entrance>
  )
}
