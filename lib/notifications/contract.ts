/** An e-mail in the dev mailbox's list. Times are ISO 8601 in UTC. */
export type MailboxRowDto = {
  readonly id: string
  readonly recipient: string
  readonly subject: string
  readonly createdAt: string
}

/** One e-mail, as it was or would be sent. */
export type MailboxLetterDto = MailboxRowDto & { readonly text: string; readonly html: string }
