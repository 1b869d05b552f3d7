import type { Metadata } from 'next'
import { LinkButton } from '@/components/ui/link-button'
import { MessagePage } from '@/components/ui/message-page'

export const metadata: Metadata = { title: 'Page not found' }

export default function NotFound() {
  return (
    <MessagePage title="Page not found" action={<LinkButton href="/">Go to the overview</LinkButton>}>
      There is nothing at this address, or you do not have access to it. Check the link, or start from the overview.
    </MessagePage>
  )
}
