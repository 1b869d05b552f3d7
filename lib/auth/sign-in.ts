import 'server-only'

import type { PurserError } from '@/lib/errors'
import { err, ok, type Result } from '@/lib/result'

import { postToNextAuth } from './next-auth'
import { safeReturnPath } from './rules/return-path'

/** How somebody proves who they are. `demo` works in the sandbox only. */
export type Proof =
  | { readonly kind: 'password'; readonly email: string; readonly password: string }
  | { readonly kind: 'link'; readonly token: string }
  | { readonly kind: 'demo'; readonly person: string }

/** Signs in by a server action: sets the session cookie. Errors: unauthenticated, rate_limited. */
export async function signIn(proof: Proof): Promise<Result<null, PurserError>> {
  const { kind, ...fields } = proof
  const response = await postToNextAuth(['callback', kind], { ...fields, callbackUrl: '/' })
  const refusal = new URL(response.headers.get('location') ?? '/', 'http://purser.invalid').searchParams.get('error')
  if (response.status === 302 && refusal === null) return ok(null)
  const wait = /^rate_limited\.(\d{1,6})$/.exec(refusal ?? '')?.[1]
  return err(
    wait === undefined ? { code: 'unauthenticated' } : { code: 'rate_limited', retryAfterSeconds: Number(wait) },
  )
}

/** Where to send the browser to sign in with GitHub or Google. It comes back to `next`. Null when that is not configured. */
export async function startOutsideSignIn(provider: 'github' | 'google', next: string | null): Promise<string | null> {
  const response = await postToNextAuth(['signin', provider], { callbackUrl: safeReturnPath(next) ?? '/' })
  const address = response.headers.get('location')
  return address?.startsWith('https://') === true ? address : null
}

/** Signs out by a server action: removes the session cookie. */
export async function signOut(): Promise<void> {
  await postToNextAuth(['signout'], { callbackUrl: '/sign-in' })
}
