import { Delta } from '@/components/money/delta'
import { Duration } from '@/components/money/duration'
import { ExpiryTimeline } from '@/components/money/expiry-timeline'
import { Money } from '@/components/money/money'
import { Percent } from '@/components/money/percent'
import { PolicySentence } from '@/components/money/policy-sentence'
import { RunwayGauge } from '@/components/money/runway-gauge'
import { TimeStamp } from '@/components/money/time-stamp'
import { KeyValueGrid } from '@/components/ui/key-value-grid'
import { LOTS, OVERVIEW } from '../fixtures/overview'
import { ACME, CREDIT, GPU_HOUR, NOW, TOKEN } from '../fixtures/people'

const RUNWAY = { daysWithoutExpiry: 11, runsOutAt: NOW, averagePerDay: '11.6' } as const

export function MoneyAndTime() {
  return (
    <>
      <p className="text-3xl font-semibold tracking-tight">
        <Money amount="128.4" asset={CREDIT} />
      </p>
      <KeyValueGrid
        items={[
          { label: 'Added', value: <Money amount="50" asset={CREDIT} sign="always" /> },
          { label: 'Under a cent', value: <Money amount="-0.000312" asset={CREDIT} /> },
          { label: 'Exact', value: <Money amount="-0.0312" asset={CREDIT} precision="exact" /> },
          { label: 'Tokens', value: <Money amount="1204000" asset={TOKEN} /> },
          { label: 'GPU hours', value: <Money amount="12.5" asset={GPU_HOUR} /> },
          { label: 'Change', value: <Delta now="243.18" before="216.4" than="the same days last month" /> },
          { label: 'Share', value: <Percent value="61" /> },
          { label: 'Moment', value: <TimeStamp at="2026-11-22T13:57:00Z" timeZone={ACME.timeZone} /> },
          { label: 'Relative', value: <TimeStamp at="2026-11-22T13:57:00Z" timeZone={ACME.timeZone} now={NOW} /> },
          { label: 'Duration', value: <Duration seconds={3_725} /> },
        ]}
      />
      <RunwayGauge runway={{ ...RUNWAY, days: 11, lowDays: 8, highDays: 15 }} />
      <RunwayGauge runway={{ ...RUNWAY, days: 5, lowDays: 4, highDays: 7 }} />
      <RunwayGauge runway={{ ...RUNWAY, days: 1, lowDays: 1, highDays: 1 }} />
      <ExpiryTimeline
        lots={[
          ...LOTS,
          {
            ...LOTS[1]!,
            id: 'grt_3',
            kind: 'contract',
            label: 'contract',
            remaining: '400',
            restrictedTo: null,
            expiresAt: null,
          },
        ]}
        asset={CREDIT}
        now={NOW}
        timeZone={ACME.timeZone}
      />
      <p className="text-muted">
        <PolicySentence policy={OVERVIEW.policy} asset={CREDIT} timeZone={ACME.timeZone} />
      </p>
      <p className="text-muted">
        <PolicySentence
          policy={{ expiry: { kind: 'never' }, atZero: 'overdraft', overdraftLimit: '200' }}
          asset={CREDIT}
          timeZone={ACME.timeZone}
        />
      </p>
    </>
  )
}
