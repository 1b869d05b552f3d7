'use client'

import './globals.css'
import { Button } from '@/components/ui/button'
import { MessagePage } from '@/components/ui/message-page'

/** Even the frame failed: it replaces the whole document. */
export default function GlobalError({ retry }: { readonly error: unknown; readonly retry: () => void }) {
  return (
    <html lang="en">
      <body>
        <title>Purser</title>
        <MessagePage title="Purser could not be loaded" action={<Button onClick={retry}>Try again</Button>}>
          Nothing was changed and nothing was charged. Try again in a minute.
        </MessagePage>
      </body>
    </html>
  )
}
