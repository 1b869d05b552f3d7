import type { Metadata } from 'next'

import { Entrance } from '@/components/sign-in/entrance'
import { LinkButton } from '@/components/ui/link-button'
import { SubmitButton } from '@/components/ui/submit-button'
import { isLinkOpen } from '@/lib/auth/check-credentials'
import { safeReturnPath } from '@/lib/auth/rules/return-path'
import { systemClock } from '@/lib/clock'

import { linkAction } from '../actions'

// The address carries a secret: no other site learns it. Stricter than this, and forms without JavaScript lose their origin.
export const metadata: Metadata = { title: 'Sign in', referrer: 'same-origin' }

type Props = {
  readonly searchParams: Promise<{ readonly token?: string | string[]; readonly next?: string | string[] }>
}

/** Behind the mailed link. Opening it uses nothing up, because mail scanners open links too; the button does. */
export default async function SignInLinkPage({ searchParams }: Props) {
  const { token, next } = await searchParams
  if (typeof token !== 'string' || !(await isLinkOpen(token, systemClock))) {
    return (
      <Entrance title="This link no longer works" lead="A sign-in link works once, for 15 minutes.">
        <LinkButton href="/sign-in" isWide>
          Ask for a new link
        </LinkButton>
      </Entrance>
    )
  }
  return (
    <Entrance title="Sign in to Purser">
      <form action={linkAction}>
        <input type="hidden" name="token" value={token} />
        <input type="hidden" name="callbackUrl" value={safeReturnPath(next) ?? '/'} />
        <SubmitButton isWide>Continue</SubmitButton>
      </form>
    </Entrance>
  )
}
