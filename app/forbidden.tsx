import type { Metadata } from 'next'
import { LinkButton } from '@/components/ui/link-button'
import { MessagePage } from '@/components/ui/message-page'

export const metadata: Metadata = { title: 'Not allowed' }

export default function ForbiddenPage() {
  return (
    <MessagePage title="You cannot open this page" action={<LinkButton href="/">Go to the overview</LinkButton>}>
      Your role in this organization does not include it. Ask an owner or admin of your organization.
    </MessagePage>
  )
}
