import { SpendBars } from '@/components/charts/spend-bars'
import { dayText } from '@/components/money/format-time'
import { moneyText, signOf } from '@/components/money/format-money'
import { sharePercent } from '@/components/money/percent'
import { Card } from '@/components/ui/card'
import { EmptyState } from '@/components/ui/empty-state'
import { ErrorCard } from '@/components/ui/error-card'
import type { AssetDto, OverviewDto, SpendDayDto } from '@/lib/analytics/contract'

const TITLE = 'Spend per day'

/** 30 days of spend and the projected rest of the month. */
export function SpendCard({ overview }: { readonly overview: OverviewDto }) {
  const { dailySpend, balance, hasUsage } = overview
  if (!dailySpend.ok) return <ErrorCard title={TITLE} />
  return (
    <Card title={TITLE} aside={hasUsage && <Legend hasProjection={dailySpend.value.some(isProjected)} />}>
      {hasUsage ? (
        <SpendBars
          days={dailySpend.value}
          asset={balance.asset}
          caption={captionText(dailySpend.value, balance.asset)}
        />
      ) : (
        <EmptyState title="No usage yet">Each day you use credits becomes a bar here.</EmptyState>
      )}
    </Card>
  )
}

function isProjected({ kind }: SpendDayDto): boolean {
  return kind === 'projected'
}

/** The finding: the busiest complete day, and today so far. */
function captionText(days: readonly SpendDayDto[], asset: AssetDto): string {
  const complete = days.filter(({ kind, amount }) => kind === 'actual' && signOf(amount) > 0)
  const [first, ...others] = complete
  if (first === undefined) return 'No complete day of usage yet.'
  const busiest = others.reduce((most, day) => (sharePercent(most.amount, day.amount) < 100 ? day : most), first)
  const today = days.find(({ kind }) => kind === 'partial')
  const sofar = today === undefined ? '' : ` ${moneyText(today.amount, asset)} today so far.`
  return `Busiest day: ${moneyText(busiest.amount, asset)} on ${dayText(busiest.day)}.${sofar}`
}

function Legend({ hasProjection }: { readonly hasProjection: boolean }) {
  return (
    <ul className="text-muted flex flex-wrap gap-x-4 gap-y-1 text-sm">
      <LegendItem swatch="bg-chart-1">Complete</LegendItem>
      <LegendItem swatch="border-[1.5px] border-chart-1 bg-chart-1/25">Today, partial</LegendItem>
      {hasProjection && <LegendItem swatch="hatch border border-chart-1 text-chart-1">Projected</LegendItem>}
    </ul>
  )
}

function LegendItem({ swatch, children }: { readonly swatch: string; readonly children: string }) {
  return (
    <li className="flex items-center gap-1.5">
      <span aria-hidden className={`size-3 ${swatch}`} />
      {children}
    </li>
  )
}
