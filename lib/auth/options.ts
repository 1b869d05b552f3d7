import 'server-only'

import type { AuthOptions } from 'next-auth'
import CredentialsProvider from 'next-auth/providers/credentials'

import { systemClock } from '@/lib/clock'
import { ensureUser, noteUserSeen } from '@/lib/db/users'
import { env, isSandbox, tellNextAuthItsAddress } from '@/lib/env'
import type { PurserError } from '@/lib/errors'
import type { Result } from '@/lib/result'

import { networkAddress } from './rules/network-address'
import { checkDemoPerson, checkPassword, checkSignInLink, type Proven } from './check-credentials'
import { outsideProviders } from './outside-providers'
import { nameFromEmail } from './rules/name-from-email'
import { safeReturnPath } from './rules/return-path'

const SESSION_SECONDS = 30 * 24 * 60 * 60

/**
 * How people sign in. Sessions are encrypted cookies that carry the user's id and nothing else: what somebody may do is read from
 * the database on every request.
 */
export function authOptions(): AuthOptions {
  tellNextAuthItsAddress()
  return {
    secret: env().AUTH_SECRET,
    session: { strategy: 'jwt', maxAge: SESSION_SECONDS },
    useSecureCookies: env().APP_URL.startsWith('https://'),
    pages: { signIn: '/sign-in', error: '/sign-in', signOut: '/sign-in', verifyRequest: '/sign-in/check-email' },
    providers: [passwordProvider, linkProvider, ...(isSandbox() ? [demoProvider] : []), ...outsideProviders()],
    callbacks: {
      signIn: ({ account, profile }) => account?.type !== 'oauth' || isVerified(profile),
      redirect: ({ url, baseUrl }) => {
        const path = url.startsWith(`${baseUrl}/`) ? url.slice(baseUrl.length) : url
        return new URL(safeReturnPath(path) ?? '/', baseUrl).toString()
      },
      jwt: async ({ token, user, account }) => {
        if (account?.type !== 'oauth') return { sub: user?.id ?? token.sub, iat: token['iat'] }
        const email = (user.email ?? '').toLowerCase()
        const known = await ensureUser({ email, name: user.name ?? nameFromEmail(email) }, systemClock.now())
        return { sub: known.id }
      },
      session: ({ session, token }) => ({ expires: session.expires, userId: token.sub, issuedAt: token['iat'] }),
    },
    events: {
      signIn: async ({ user, account }) => {
        if (account?.type === 'credentials') await noteUserSeen(user.id, systemClock.now())
      },
    },
    logger: {
      // A cookie that cannot be read is somebody's old or made-up session: they are asked to sign in, and that is all.
      error: (code, details) => code !== 'JWT_SESSION_ERROR' && console.error('next-auth', code, details),
      warn: () => undefined,
      debug: () => undefined,
    },
  }
}

const passwordProvider = CredentialsProvider({
  id: 'password',
  credentials: { email: {}, password: {} },
  authorize: async (given, request) =>
    outcome(await checkPassword(given?.email ?? '', given?.password ?? '', networkAddress(request.headers ?? {}))),
})

const linkProvider = CredentialsProvider({
  id: 'link',
  credentials: { token: {} },
  authorize: async (given) => outcome(await checkSignInLink(given?.token ?? '', systemClock)),
})

const demoProvider = CredentialsProvider({
  id: 'demo',
  credentials: { person: {} },
  authorize: async (given) => outcome(await checkDemoPerson(given?.person ?? '')),
})

/** next-auth takes null for "no" and passes a thrown message on in the address it redirects to. */
function outcome(result: Result<Proven, PurserError>): { id: string } | null {
  if (result.ok) return { id: result.value.userId }
  if (result.error.code === 'rate_limited') throw new Error(`rate_limited.${result.error.retryAfterSeconds}`)
  return null
}

/** Only an address that the other side has verified says who somebody is. */
function isVerified(profile: object | undefined): boolean {
  return profile !== undefined && 'email_verified' in profile && profile.email_verified === true
}
