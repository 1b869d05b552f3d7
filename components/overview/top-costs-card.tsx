import { Money } from '@/components/money/money'
import { Percent } from '@/components/money/percent'
import { Card } from '@/components/ui/card'
import { ErrorCard } from '@/components/ui/error-card'
import type { OverviewDto } from '@/lib/analytics/contract'

const TITLE = 'What cost most this month'

/** The three largest costs of the month and their share. Hidden while there is no usage. */
export function TopCostsCard({ overview }: { readonly overview: OverviewDto }) {
  const { topCosts, balance } = overview
  if (!topCosts.ok) return <ErrorCard title={TITLE} />
  if (topCosts.value.length === 0) return null
  return (
    <Card title={TITLE}>
      <ol className="flex flex-col gap-3">
        {topCosts.value.map(({ label, amount, sharePercent }) => (
          <li key={label}>
            <div className="flex items-baseline justify-between gap-4">
              <span className="min-w-0 break-words">{label}</span>
              <span className="shrink-0">
                <span className="font-medium">
                  <Money amount={amount} asset={balance.asset} />
                </span>{' '}
                <span className="text-muted text-sm">
                  <Percent value={sharePercent} />
                </span>
              </span>
            </div>
            <div aria-hidden className="bg-surface-2 mt-1 h-1.5 rounded-full">
              <div className="bg-chart-1 h-full rounded-full" style={{ width: `${sharePercent}%` }} />
            </div>
          </li>
        ))}
      </ol>
    </Card>
  )
}
