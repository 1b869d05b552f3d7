import { SparkBars } from '@/components/charts/spark-bars'
import { SpendBars } from '@/components/charts/spend-bars'
import { HistoryTable } from '@/components/history/history-table'
import { Card } from '@/components/ui/card'
import { CursorPager } from '@/components/ui/cursor-pager'
import { KeyValueGrid } from '@/components/ui/key-value-grid'
import { StatCard } from '@/components/ui/stat-card'
import { ROWS } from '../fixtures/entries'
import { DAYS } from '../fixtures/overview'
import { ACME, CREDIT } from '../fixtures/people'

export function Data({ theme }: { readonly theme: string }) {
  return (
    <>
      <div className="grid gap-4 sm:grid-cols-2">
        <StatCard label="Spent this month" value="$243.18" note="12% more than the same days last month" />
        <StatCard label="Trend" value="$11.60/day">
          <div className="mt-3">
            <SparkBars
              amounts={DAYS.slice(16, 30).map(({ amount }) => amount)}
              label="Spend of the last 14 days, rising"
            />
          </div>
        </StatCard>
      </div>
      <Card title="Spend per day">
        <SpendBars days={DAYS} asset={CREDIT} caption="Busiest day: $18.30 on 16 Nov. $6.35 today so far." />
      </Card>
      <Card title="First days">
        <SpendBars days={DAYS.slice(27, 31)} asset={CREDIT} caption="No complete day of usage yet." />
      </Card>
      <Card title="Facts">
        <KeyValueGrid
          items={[
            { label: 'You pay', value: '$50.00' },
            { label: 'Expires', value: '22 Nov 2027' },
            { label: 'A value that is long', value: 'pi_3QxYzA2eZvKYlo2C0a1b2c3d' },
          ]}
        />
      </Card>
      <HistoryTable rows={ROWS} organization={ACME} />
      <CursorPager label={`Example pages, ${theme}`} newer={null} older="/dev/ui" />
    </>
  )
}
