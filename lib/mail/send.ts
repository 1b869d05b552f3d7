import 'server-only'

import nodemailer, { type Transporter } from 'nodemailer'

import { env } from '@/lib/env'

/** An e-mail with an id that stays the same when it is tried again. */
export type Outgoing = {
  readonly id: string
  readonly recipient: string
  readonly subject: string
  readonly text: string
  readonly html: string
}

let transport: { readonly url: string; readonly mailer: Transporter } | undefined

/**
 * Hands an e-mail to the mail server. Returns false where none is configured: then it stays in the outbox, which the dev
 * mailbox shows. Throws when the server refuses or is not there, so that the job tries again.
 */
export async function sendLetter(letter: Outgoing): Promise<boolean> {
  const { SMTP_URL, MAIL_FROM, APP_URL } = env()
  if (SMTP_URL === undefined) return false
  if (transport?.url !== SMTP_URL) transport = { url: SMTP_URL, mailer: nodemailer.createTransport(SMTP_URL) }
  await transport.mailer.sendMail({
    from: MAIL_FROM,
    to: { name: '', address: letter.recipient },
    subject: letter.subject,
    text: letter.text,
    html: letter.html,
    messageId: `<${letter.id}@${new URL(APP_URL).hostname}>`,
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  return true
}
