import { ExpiryTimeline } from '@/components/money/expiry-timeline'
import { Card } from '@/components/ui/card'
import { ErrorCard } from '@/components/ui/error-card'
import type { OverviewDto } from '@/lib/analytics/contract'

const TITLE = 'Credits and when they expire'

/** The lots, soonest expiry first. */
export function ExpiryCard({ overview }: { readonly overview: OverviewDto }) {
  const { lots, balance, now, organization } = overview
  if (!lots.ok) return <ErrorCard title={TITLE} />
  return (
    <Card title={TITLE}>
      {lots.value.length === 0 ? (
        <p className="text-muted">No credits to expire.</p>
      ) : (
        <ExpiryTimeline lots={lots.value} asset={balance.asset} now={now} timeZone={organization.timeZone} />
      )}
    </Card>
  )
}
