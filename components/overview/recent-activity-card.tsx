import Link from 'next/link'
import { EntryAmount } from '@/components/history/entry-amount'
import { EntryTitle } from '@/components/history/entry-title'
import { organizationRoute } from '@/components/layout/organization-route'
import { TimeStamp } from '@/components/money/time-stamp'
import { Card } from '@/components/ui/card'
import { EmptyState } from '@/components/ui/empty-state'
import { ErrorCard } from '@/components/ui/error-card'
import type { OverviewDto } from '@/lib/analytics/contract'

const TITLE = 'Recent activity'

/** The last few entries; each leads to its reason. */
export function RecentActivityCard({ overview }: { readonly overview: OverviewDto }) {
  const { recentActivity, organization, now } = overview
  if (!recentActivity.ok) return <ErrorCard title={TITLE} />
  if (recentActivity.value.length === 0) {
    return (
      <Card title={TITLE}>
        <EmptyState title="No activity yet">Purchases and usage appear here.</EmptyState>
      </Card>
    )
  }
  return (
    <Card
      title={TITLE}
      aside={
        <Link
          href={organizationRoute(organization.slug, '/history')}
          className="text-accent inline-flex min-h-6 items-center text-sm hover:underline"
        >
          See all history
        </Link>
      }
    >
      <ul className="divide-line divide-y">
        {recentActivity.value.map((entry) => (
          <li key={entry.id} className="flex items-center justify-between gap-4 py-2.5 first:pt-1 last:pb-0">
            <EntryTitle entry={entry} organization={organization.slug} />
            <span className="shrink-0 text-right">
              <EntryAmount entry={entry} />
              <span className="text-muted block text-sm">
                <TimeStamp at={entry.occurredAt} timeZone={organization.timeZone} now={now} />
              </span>
            </span>
          </li>
        ))}
      </ul>
    </Card>
  )
}
