import type { Metadata } from 'next'
import { notFound } from 'next/navigation'

import { PageHeader } from '@/components/layout/page-header'
import { requireSandbox } from '@/lib/auth/sign-in-methods'
import { readMailboxLetter } from '@/lib/notifications/read-mailbox'

export const metadata: Metadata = { title: 'E-mail' }

type Props = { readonly params: Promise<{ readonly id: string }> }

/** One e-mail. Its HTML is shown in a frame that runs no script; its links open in the window around it. */
export default async function MailboxLetterPage({ params }: Props) {
  requireSandbox()
  const letter = await readMailboxLetter((await params).id)
  if (letter === null) notFound()
  return (
    <main id="content" tabIndex={-1} className="mx-auto max-w-3xl px-4 py-10">
      <PageHeader
        title={letter.subject}
        lead={`To ${letter.recipient}`}
        back={{ href: '/dev/mailbox', label: 'Development mailbox' }}
      />
      <iframe
        title={letter.subject}
        srcDoc={letter.html.replace('<head>', '<head><base target="_top">')}
        sandbox="allow-top-navigation-by-user-activation"
        className="rounded-card border-line h-[34rem] w-full border bg-white"
      />
      <details className="mt-4">
        <summary className="text-accent">Plain text</summary>
        <pre className="rounded-card border-line bg-surface-1 mt-2 border p-4 text-sm break-words whitespace-pre-wrap">
          {letter.text}
        </pre>
      </details>
    </main>
  )
}
