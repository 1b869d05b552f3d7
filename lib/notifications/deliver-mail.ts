import 'server-only'

import type { Actor } from '@/lib/auth/rules/actor'
import { canOnInstallation } from '@/lib/auth/rules/permissions'
import type { Clock } from '@/lib/clock'
import { findLetter, markLetterSent } from '@/lib/db/mail'
import type { PurserError } from '@/lib/errors'
import { sendLetter } from '@/lib/mail/send'
import { err, ok, type Result } from '@/lib/result'

/**
 * Sends one e-mail of the outbox. Replay: what was sent is not sent again. Where no mail server is configured it stays, for the
 * dev mailbox. Throws when the mail server fails: the job tries again. Errors: forbidden, not_found.
 */
export async function deliverMail(
  actor: Actor,
  input: { readonly mailId: string },
  { now }: Clock,
): Promise<Result<'sent' | 'kept', PurserError>> {
  if (!canOnInstallation(actor, 'mail:deliver')) return err({ code: 'forbidden' })
  const letter = await findLetter(input.mailId)
  if (letter === null) return err({ code: 'not_found', what: 'e-mail' })
  if (letter.sentAt !== null) return ok('sent')
  if (!(await sendLetter(letter))) return ok('kept')
  await markLetterSent(letter.id, now())
  return ok('sent')
}
