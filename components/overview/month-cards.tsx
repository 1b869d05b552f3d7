import { Delta } from '@/components/money/delta'
import { daysText } from '@/components/money/duration'
import { nearDateText } from '@/components/money/format-time'
import { moneyText } from '@/components/money/format-money'
import { Money } from '@/components/money/money'
import { RunwayGauge } from '@/components/money/runway-gauge'
import { StatCard } from '@/components/ui/stat-card'
import type { OverviewDto } from '@/lib/analytics/contract'

/** Spent this month, projected month, runway: three numbers and what each rests on. */
export function MonthCards({ overview }: { readonly overview: OverviewDto }) {
  const { balance, spentThisMonth, spentSameDaysLastMonth } = overview
  return (
    <>
      <StatCard
        label="Spent this month"
        value={<Money amount={spentThisMonth} asset={balance.asset} />}
        note={
          spentSameDaysLastMonth === null ? (
            'So far, in your billing time zone'
          ) : (
            <Delta now={spentThisMonth} before={spentSameDaysLastMonth} than="the same days last month" />
          )
        }
      />
      <ProjectionCard overview={overview} />
      <RunwayCard overview={overview} />
    </>
  )
}

function ProjectionCard({ overview: { projection, balance } }: { readonly overview: OverviewDto }) {
  if (projection === null) return <StatCard label="Projected month" value="–" note="Needs 3 days of usage" />
  const { low, expected, high, basisDays } = projection
  return (
    <StatCard
      label="Projected month"
      value={<Money amount={expected} asset={balance.asset} />}
      note={
        <>
          {moneyText(low, balance.asset)} to {moneyText(high, balance.asset)}, from your last {basisDays} days
        </>
      }
    />
  )
}

function RunwayCard({ overview: { runway, balance, organization } }: { readonly overview: OverviewDto }) {
  if (runway === null) return <StatCard label="Runway" value="–" note="Shown once there is usage" />
  return (
    <StatCard
      label="Runway"
      value={daysText(runway.days)}
      note={
        <>
          Runs out about {nearDateText(runway.runsOutAt, organization.timeZone)}, at{' '}
          <Money amount={runway.averagePerDay} asset={balance.asset} />
          /day
          {runway.daysWithoutExpiry > runway.days && `. ${daysText(runway.daysWithoutExpiry)} if nothing expired`}
        </>
      }
    >
      <div className="mt-auto pt-3">
        <RunwayGauge runway={runway} />
      </div>
    </StatCard>
  )
}
