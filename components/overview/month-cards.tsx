import { SparkBars } from '@/components/charts/spark-bars'
import { Delta } from '@/components/money/delta'
import { daysText } from '@/components/money/duration'
import { nearDateText } from '@/components/money/format-time'
import { moneyText } from '@/components/money/format-money'
import { Money } from '@/components/money/money'
import { sharePercent } from '@/components/money/percent'
import { RunwayGauge } from '@/components/money/runway-gauge'
import { StatCard } from '@/components/ui/stat-card'
import type { OverviewDto } from '@/lib/analytics/contract'

const SPARK_DAYS = 14

/** Spent this month, projected month, runway: three numbers and what each rests on. */
export function MonthCards({ overview }: { readonly overview: OverviewDto }) {
  return (
    <>
      <SpentCard overview={overview} />
      <ProjectionCard overview={overview} />
      <RunwayCard overview={overview} />
    </>
  )
}

function SpentCard({ overview }: { readonly overview: OverviewDto }) {
  const { balance, spentThisMonth, spentSameDaysLastMonth, dailySpend, hasUsage } = overview
  const days = dailySpend.ok ? dailySpend.value.filter(({ kind }) => kind !== 'projected') : []
  return (
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
    >
      {hasUsage && days.length > 1 && (
        <div className="mt-auto pt-3">
          <SparkBars
            amounts={days.slice(-SPARK_DAYS).map(({ amount }) => amount)}
            label={`Spend per day of the last ${SPARK_DAYS} days; the chart below has the numbers`}
          />
        </div>
      )}
    </StatCard>
  )
}

function ProjectionCard({ overview: { projection, balance, spentThisMonth } }: { readonly overview: OverviewDto }) {
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
    >
      <div aria-hidden className="mt-auto pt-3">
        <div className="bg-surface-2 h-2 rounded-full">
          <div
            className="bg-accent h-full rounded-full"
            style={{ width: `${sharePercent(spentThisMonth, expected)}%` }}
          />
        </div>
        <p className="text-muted mt-1 flex justify-between text-xs">
          <span>Spent</span>
          <span>Month</span>
        </p>
      </div>
    </StatCard>
  )
}

function RunwayCard({ overview: { runway, balance, organization, allocation } }: { readonly overview: OverviewDto }) {
  if (runway === null) return <StatCard label="Runway" value="–" note="Shown once there is usage" />
  if (allocation !== null && Date.parse(runway.runsOutAt) >= Date.parse(allocation.renewsAt)) {
    return (
      <StatCard
        label="Runway"
        value={runway.days < 1 ? 'Less than a day' : daysText(runway.days)}
        note={
          <>
            Lasts until your next allocation, at <Money amount={runway.averagePerDay} asset={balance.asset} />
            /day
          </>
        }
      />
    )
  }
  return (
    <StatCard
      label="Runway"
      value={runway.days < 1 ? 'Less than a day' : daysText(runway.days)}
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
