import type { Metadata, Route } from 'next'
import Link from 'next/link'

import { EmptyState } from '@/components/ui/empty-state'
import { requireSandbox } from '@/lib/auth/sign-in-methods'
import { listMailbox } from '@/lib/notifications/read-mailbox'

export const metadata: Metadata = { title: 'Development mailbox' }
export const dynamic = 'force-dynamic'

const TIME = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium', timeZone: 'UTC' })

/** Every e-mail that Purser would have sent. Exists in the sandbox only. */
export default async function MailboxPage() {
  requireSandbox()
  const letters = await listMailbox()
  return (
    <main id="content" tabIndex={-1} className="mx-auto max-w-3xl px-4 py-10">
      <h1 className="text-2xl">Development mailbox</h1>
      <p className="text-muted mt-1 mb-6">Nothing leaves this machine: every e-mail lands here.</p>
      {letters.length === 0 ? (
        <EmptyState title="No e-mails yet">Ask for a sign-in link or invite somebody, then look again.</EmptyState>
      ) : (
        <ul className="divide-line rounded-card border-line divide-y border">
          {letters.map(({ id, recipient, subject, createdAt }) => (
            <li key={id}>
              <Link href={`/dev/mailbox/${id}` as Route} className="hover:bg-surface-1 block px-4 py-3">
                <span className="block font-medium">{subject}</span>
                <span className="text-muted block text-sm break-words">
                  To {recipient} · <time dateTime={createdAt}>{TIME.format(new Date(createdAt))} UTC</time>
                </span>
              </Link>
            </li>
          ))}
        </ul>
      )}
    </main>
  )
}
