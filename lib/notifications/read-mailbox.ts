import 'server-only'

import { readId, showId } from '@/lib/db/ids'
import { findLetter, listLetters } from '@/lib/db/mail'

import type { MailboxLetterDto, MailboxRowDto } from './contract'

/** The newest e-mails of the outbox, for the dev mailbox. The page that shows them exists in the sandbox only. */
export async function listMailbox(): Promise<readonly MailboxRowDto[]> {
  return (await listLetters()).map(({ id, recipient, subject, createdAt }) => ({
    id: showId('eml', id),
    recipient,
    subject,
    createdAt: createdAt.toISOString(),
  }))
}

/** One e-mail of the outbox (`eml_…`), or null. */
export async function readMailboxLetter(id: string): Promise<MailboxLetterDto | null> {
  const uuid = readId('eml', id)
  const letter = uuid === null ? null : await findLetter(uuid)
  if (letter === null) return null
  const { recipient, subject, text, html, createdAt } = letter
  return { id, recipient, subject, text, html, createdAt: createdAt.toISOString() }
}
