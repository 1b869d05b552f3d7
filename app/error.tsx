'use client'

import { Button } from '@/components/ui/button'
import { MessagePage } from '@/components/ui/message-page'

/** A page failed for a reason nobody expected. The server has logged it under the reference. */
export default function ErrorPage({ error, retry }: { readonly error: unknown; readonly retry: () => void }) {
  const digest = error instanceof Error && 'digest' in error ? String(error.digest) : null
  return (
    <MessagePage title="This page could not be loaded" action={<Button onClick={retry}>Try again</Button>}>
      Nothing was changed and nothing was charged by opening it.
      {digest !== null && ` If it keeps happening, tell support this reference: ${digest}.`}
    </MessagePage>
  )
}
