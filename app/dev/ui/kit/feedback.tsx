import { StaleNote } from '@/components/money/live-status'
import { Banner } from '@/components/ui/banner'
import { Button } from '@/components/ui/button'
import { Card } from '@/components/ui/card'
import { EmptyState } from '@/components/ui/empty-state'
import { ErrorCard } from '@/components/ui/error-card'
import { Forbidden } from '@/components/ui/forbidden'
import { InlineError } from '@/components/ui/inline-error'
import { SkeletonCard, SkeletonLine, SkeletonRows } from '@/components/ui/skeleton'
import { Spinner } from '@/components/ui/spinner'

export function Feedback() {
  return (
    <>
      <Banner tone="warning" title="Your balance is low" action={<Button>Add credits</Button>}>
        At your 7-day average of $11.60/day this runs out Thursday.
      </Banner>
      <Banner tone="danger" title="You are out of credits" action={<Button>Add credits</Button>}>
        Requests are being rejected (402) since 14:02 UTC. 37 rejected.
      </Banner>
      <Banner tone="positive" title="$50.00 added">
        Balance $178.40. Expires 22 Nov 2027.
      </Banner>
      <Banner tone="accent" title="Comparisons need a full previous period" />
      <Banner tone="neutral" title="Prices change on 1 December" />
      <InlineError>Enter at least $5.00.</InlineError>
      <StaleNote minutes={2} />
      <Card>
        <EmptyState title="No activity yet" action={<Button variant="secondary">Buy credits</Button>}>
          Purchases and usage appear here.
        </EmptyState>
      </Card>
      <ErrorCard title="Recent activity" />
      <Forbidden title="Only owners and admins can buy credits">Ask Ana or Raj.</Forbidden>
      <Card title="Loading">
        <p>
          <SkeletonLine width="w-48" />
        </p>
        <SkeletonRows rows={2} label="Loading entries" />
        <SkeletonCard height="h-16" label="Loading the balance" />
        <Spinner />
      </Card>
    </>
  )
}
