import 'server-only'

import type { Clock } from '@/lib/clock'
import { addLetter } from '@/lib/db/mail'
import { inTransaction } from '@/lib/db/pool'
import { countAttempt } from '@/lib/db/rate-limits'
import { hashSecret, newToken } from '@/lib/db/secrets'
import { deleteSignInLinksBefore, insertSignInLink } from '@/lib/db/sign-in-links'
import type { PurserError } from '@/lib/errors'
import { safeReturnPath } from '@/lib/auth/rules/return-path'
import { signInLetter } from '@/lib/mail/sign-in-letter'
import { err, ok, type Result } from '@/lib/result'

const VALID_MINUTES = 15
const KEPT_DAYS = 1
const PER_EMAIL = { scope: 'link_email', attempts: 5, perSeconds: 15 * 60 }
const PER_ADDRESS = { scope: 'link_address', attempts: 30, perSeconds: 15 * 60 }

/** Whom to send a link (an address that `emailSchema` accepted), where they want to go, and the network address that asks. */
export type RequestSignInLink = { readonly email: string; readonly next: string | null; readonly address: string }

/**
 * Mails a link that signs in once, within 15 minutes. Known and unknown addresses are treated alike: who reads the mail proves the
 * address, and somebody new becomes a user without memberships. Errors: rate_limited (5 per e-mail, 30 per network address in 15
 * minutes).
 */
export async function requestSignInLink(input: RequestSignInLink, { now }: Clock): Promise<Result<null, PurserError>> {
  const { email, address } = input
  const waitSeconds = (await countAttempt(PER_ADDRESS, address)) ?? (await countAttempt(PER_EMAIL, email))
  if (waitSeconds !== null) return err({ code: 'rate_limited', retryAfterSeconds: waitSeconds })
  const at = now()
  const token = newToken()
  const next = safeReturnPath(input.next)
  const path = `/sign-in/link?token=${token}${next === null ? '' : `&next=${encodeURIComponent(next)}`}`
  const expiresAt = new Date(at.getTime() + VALID_MINUTES * 60_000)
  await inTransaction(async (tx) => {
    await deleteSignInLinksBefore(tx, new Date(at.getTime() - KEPT_DAYS * 86_400_000))
    await insertSignInLink(tx, { tokenHash: hashSecret(token), email, expiresAt }, at)
    await addLetter(tx, { recipient: email, ...signInLetter(path, VALID_MINUTES) }, at)
  })
  return ok(null)
}
