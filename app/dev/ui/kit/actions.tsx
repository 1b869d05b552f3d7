import { Plus } from 'lucide-react'
import { Badge } from '@/components/ui/badge'
import { Button } from '@/components/ui/button'
import { CodeBlock } from '@/components/ui/code-block'
import { CopyButton } from '@/components/ui/copy-button'
import { Identifier } from '@/components/ui/identifier'
import { LinkButton } from '@/components/ui/link-button'
import { SubmitButton } from '@/components/ui/submit-button'
import { doNothing } from '../fixtures/actions'

export function Actions() {
  return (
    <>
      <div className="flex flex-wrap items-center gap-2">
        <Button>
          <Plus aria-hidden className="size-4" />
          Buy credits
        </Button>
        <Button variant="secondary">Secondary</Button>
        <Button variant="quiet">Quiet</Button>
        <Button variant="danger">Revoke key</Button>
        <Button aria-disabled>Pending</Button>
      </div>
      <div className="flex flex-wrap items-center gap-2">
        <Button size="small">Small</Button>
        <Button size="small" variant="secondary">
          Small secondary
        </Button>
        <LinkButton href="/" variant="secondary" size="small">
          Link
        </LinkButton>
        <CopyButton text="ent_1" what="entry id" />
      </div>
      <form action={doNothing}>
        <SubmitButton isWide>Pay $50.00 with Visa •••• 4242</SubmitButton>
      </form>
      <div className="flex flex-wrap gap-2">
        <Badge>Pending</Badge>
        <Badge tone="positive">On</Badge>
        <Badge tone="warning">Expiring</Badge>
        <Badge tone="danger">Failed</Badge>
        <Badge tone="accent">Default</Badge>
      </div>
      <Identifier id="pi_3QxYzA2eZvKYlo2C0a1b2c3d" what="payment id" />
      <CodeBlock
        label="Example"
        code={
          'curl https://billing.example.com/api/v1/organizations/acme/balance \\\n  -H "Authorization: Bearer sk_test_…"'
        }
      />
    </>
  )
}
