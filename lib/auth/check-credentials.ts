import 'server-only'

import type { Clock } from '@/lib/clock'
import { countAttempt, forgetAttempts } from '@/lib/db/rate-limits'
import { hashSecret } from '@/lib/db/secrets'
import { consumeSignInLink, isSignInLinkOpen } from '@/lib/db/sign-in-links'
import { ensureUser, findCredentials, findUserByEmail } from '@/lib/db/users'
import { isSandbox } from '@/lib/env'
import type { PurserError } from '@/lib/errors'
import { err, ok, type Result } from '@/lib/result'

import { verifyPassword } from './passwords'
import { DEMO_PEOPLE } from './rules/demo-people'
import { nameFromEmail } from './rules/name-from-email'

const PER_EMAIL = { scope: 'password_email', attempts: 10, perSeconds: 15 * 60 }
const PER_ADDRESS = { scope: 'password_address', attempts: 50, perSeconds: 15 * 60 }

/** Who somebody proved to be. */
export type Proven = { readonly userId: string }

/**
 * Checks an e-mail address and password from a network address. Unknown address, no password and wrong password are one answer
 * and take the same time. Errors: unauthenticated, rate_limited (10 per e-mail, 50 per network address in 15 minutes).
 */
export async function checkPassword(
  email: string,
  password: string,
  address: string,
): Promise<Result<Proven, PurserError>> {
  const subject = email.trim().toLowerCase()
  const waitSeconds = (await countAttempt(PER_ADDRESS, address)) ?? (await countAttempt(PER_EMAIL, subject))
  if (waitSeconds !== null) return err({ code: 'rate_limited', retryAfterSeconds: waitSeconds })
  const known = isStorable(subject) ? await findCredentials(subject) : null
  const isRight = await verifyPassword(password, known?.passwordHash ?? null)
  if (known === null || !isRight) return err({ code: 'unauthenticated' })
  await forgetAttempts(PER_EMAIL, subject)
  return ok({ userId: known.userId })
}

/**
 * Uses a sign-in link up: of two at once, one signs in. Somebody new becomes a user without memberships: they read the mail, so
 * the address is theirs. Errors: unauthenticated (unknown, used or expired).
 */
export async function checkSignInLink(token: string, { now }: Clock): Promise<Result<Proven, PurserError>> {
  const at = now()
  const email = await consumeSignInLink(hashSecret(token), at)
  if (email === null) return err({ code: 'unauthenticated' })
  const user = await ensureUser({ email, name: nameFromEmail(email) }, at)
  return ok({ userId: user.id })
}

/** Whether a sign-in link could still be used. Opening its page uses nothing up. */
export async function isLinkOpen(token: string, { now }: Clock): Promise<boolean> {
  return isSignInLinkOpen(hashSecret(token), now())
}

/** A person of the demo, without any proof: in the sandbox only, where there is nothing to protect. Errors: unauthenticated. */
export async function checkDemoPerson(id: string): Promise<Result<Proven, PurserError>> {
  const person = isSandbox() ? DEMO_PEOPLE.find((someone) => someone.id === id) : undefined
  const user = person === undefined ? null : await findUserByEmail(person.email)
  return user === null ? err({ code: 'unauthenticated' }) : ok({ userId: user.id })
}

/** PostgreSQL has no text with a zero byte in it, and nobody has an address of this length. */
function isStorable(email: string): boolean {
  return email.length <= 254 && !email.includes('\u0000')
}
