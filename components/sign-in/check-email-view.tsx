import type { Route } from 'next'
import { LinkButton } from '@/components/ui/link-button'
import { Entrance } from './entrance'

type CheckEmailViewProps = {
  /** Where the link went, when known. */
  readonly email: string | null
  /** Address of the development mailbox; null outside sandbox mode. */
  readonly mailbox: Route | null
}

/** After asking for a sign-in link. Says the same whether or not the address is known: nobody learns who has an account. */
export function CheckEmailView({ email, mailbox }: CheckEmailViewProps) {
  return (
    <Entrance title="Check your e-mail">
      <p>
        {email === null ? 'If that address has an account' : <>If {email} has an account</>}, a sign-in link is on its
        way. It works once, for 15 minutes.
      </p>
      <p className="text-muted mt-3">Nothing after a minute? Look in your spam folder, or ask for another link.</p>
      <div className="mt-5 flex flex-col gap-2">
        {mailbox !== null && (
          <LinkButton href={mailbox} isWide>
            Open the development mailbox
          </LinkButton>
        )}
        <LinkButton href="/sign-in" variant="secondary" isWide>
          Back to sign in
        </LinkButton>
      </div>
    </Entrance>
  )
}
