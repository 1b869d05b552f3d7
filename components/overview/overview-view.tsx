import { Plus } from 'lucide-react'
import { organizationRoute } from '@/components/layout/organization-route'
import { PageHeader } from '@/components/layout/page-header'
import { LiveStatus } from '@/components/money/live-status'
import { LinkButton } from '@/components/ui/link-button'
import type { OverviewDto } from '@/lib/analytics/contract'
import { BalanceBanner } from './balance-banner'
import { BalanceCard } from './balance-card'
import { ExpiryCard } from './expiry-card'
import { MonthCards } from './month-cards'
import { RechargeCard } from './recharge-card'
import { RecentActivityCard } from './recent-activity-card'
import { SetupChecklist } from './setup-checklist'
import { SpendCard } from './spend-card'
import { TopCostsCard } from './top-costs-card'

/** The overview: what is there, what it costs, how long it lasts, and why. */
export function OverviewView({ overview }: { readonly overview: OverviewDto }) {
  const { organization, rights, setup, allocation } = overview
  return (
    <>
      <PageHeader
        title="Overview"
        lead={<LiveStatus organization={organization.slug} renderedAt={overview.now} />}
        actions={
          rights.canBuy && (
            <span className="lg:hidden">
              <LinkButton href={organizationRoute(organization.slug, '/buy')}>
                <Plus aria-hidden className="size-4" />
                Buy credits
              </LinkButton>
            </span>
          )
        }
      />
      <div className="flex flex-col gap-4">
        <BalanceBanner overview={overview} />
        {!setup.hasEvent && allocation === null && <SetupChecklist overview={overview} />}
        <div className="grid gap-4 sm:grid-cols-3 xl:grid-cols-[1.7fr_1fr_1fr_1fr]">
          <BalanceCard overview={overview} />
          <MonthCards overview={overview} />
        </div>
        <SpendCard overview={overview} />
        <div className="grid items-start gap-4 lg:grid-cols-2">
          <div className="flex min-w-0 flex-col gap-4">
            <RecentActivityCard overview={overview} />
          </div>
          <div className="flex min-w-0 flex-col gap-4">
            <ExpiryCard overview={overview} />
            {allocation === null && <RechargeCard overview={overview} />}
            <TopCostsCard overview={overview} />
          </div>
        </div>
      </div>
    </>
  )
}
