import 'server-only'

import { newId } from './ids'
import { enqueueJob } from './jobs'
import type { Tx } from './pool'
import { prisma } from './prisma'

/** An e-mail to be sent. */
export type Letter = {
  readonly recipient: string
  readonly subject: string
  readonly text: string
  readonly html: string
}

/** An e-mail in the outbox. `sentAt` is null while it waits, or for good where no mail server is configured. */
export type OutboxLetter = Letter & { readonly id: string; readonly createdAt: Date; readonly sentAt: Date | null }

const SENDING_ATTEMPTS = 8
const NEWEST = 100

/** Puts an e-mail into the outbox and enqueues its sending, in the transaction of what it tells about. Returns its id. */
export async function addLetter(tx: Tx, letter: Letter, now: Date): Promise<string> {
  const id = newId()
  await tx.query(`INSERT INTO mail (id, recipient, subject, text, html, created_at) VALUES ($1, $2, $3, $4, $5, $6)`, [
    id,
    letter.recipient,
    letter.subject,
    letter.text,
    letter.html,
    now,
  ])
  await enqueueJob(tx, { task: 'send_mail', payload: { mailId: id }, key: `mail:${id}`, maxAttempts: SENDING_ATTEMPTS })
  return id
}

/** One e-mail of the outbox (by its UUID), or null. */
export async function findLetter(id: string): Promise<OutboxLetter | null> {
  return prisma().mail.findUnique({ where: { id } })
}

/** The newest e-mails of the outbox, without their bodies. At most 100. */
export async function listLetters(): Promise<readonly Omit<OutboxLetter, 'text' | 'html'>[]> {
  return prisma().mail.findMany({
    select: { id: true, recipient: true, subject: true, createdAt: true, sentAt: true },
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    take: NEWEST,
  })
}

/** Notes that an e-mail left. */
export async function markLetterSent(id: string, now: Date): Promise<void> {
  await prisma().mail.updateMany({ where: { id, sentAt: null }, data: { sentAt: now } })
}
