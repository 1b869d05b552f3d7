import type { Metadata } from 'next'

import { CheckEmailView } from '@/components/sign-in/check-email-view'
import { signInMethods } from '@/lib/auth/sign-in-methods'
import { emailSchema } from '@/lib/organizations/contract'

export const metadata: Metadata = { title: 'Check your e-mail' }

type Props = { readonly searchParams: Promise<{ readonly email?: string | string[] }> }

export default async function CheckEmailPage({ searchParams }: Props) {
  const email = emailSchema.safeParse((await searchParams).email)
  const isSandbox = signInMethods().demoPeople.length > 0
  return <CheckEmailView email={email.data ?? null} mailbox={isSandbox ? '/dev/mailbox' : null} />
}
