import type { Metadata, Route } from 'next'
import { redirect } from 'next/navigation'

import { SignInView } from '@/components/sign-in/sign-in-view'
import { safeReturnPath } from '@/lib/auth/rules/return-path'
import { currentPerson } from '@/lib/auth/session'
import { signInMethods } from '@/lib/auth/sign-in-methods'

import { emailAction, passwordAction, personaAction, providerAction } from './actions'
import { problemSentence } from './problem-sentence'

export const metadata: Metadata = { title: 'Sign in' }

type Props = { readonly searchParams: Promise<Readonly<Record<string, string | readonly string[] | undefined>>> }

export default async function SignInPage({ searchParams }: Props) {
  const { next, error } = await searchParams
  const callbackUrl = safeReturnPath(next) ?? '/'
  if ((await currentPerson()) !== null) redirect(callbackUrl as Route)
  const { github, google, demoPeople } = signInMethods()
  const providers = [
    ...(github ? [{ id: 'github', label: 'GitHub' }] : []),
    ...(google ? [{ id: 'google', label: 'Google' }] : []),
  ]
  return (
    <SignInView
      callbackUrl={callbackUrl}
      problem={problemSentence(error)}
      emailAction={emailAction}
      passwordAction={passwordAction}
      providers={providers}
      providerAction={providerAction}
      personas={demoPeople.map(({ id, name, role, description }) => ({ id, name, role, description }))}
      personaAction={personaAction}
    />
  )
}
