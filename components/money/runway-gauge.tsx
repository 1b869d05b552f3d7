import type { RunwayDto } from '@/lib/analytics/contract'
import { daysText } from './duration'

/** The gauge ends here: beyond it the exact day matters little. */
const FULL_DAYS = 30

/** How far the balance reaches on a line of 30 days, with the range of the last 7 days' slowest and busiest day. */
export function RunwayGauge({ runway }: { readonly runway: RunwayDto }) {
  const low = position(runway.lowDays)
  const high = position(runway.highDays)
  const tone = runway.days < 3 ? 'bg-danger' : runway.days < 7 ? 'bg-warning' : 'bg-accent'
  const spread =
    runway.lowDays === runway.highDays ? '' : ` Between ${runway.lowDays} and ${daysText(runway.highDays)}.`
  return (
    <div role="img" aria-label={`Lasts about ${daysText(runway.days)}.${spread}`}>
      <div className="bg-surface-2 relative h-2 rounded-full">
        <div
          className="bg-input-line/50 absolute inset-y-0 rounded-full"
          style={{ left: `${low}%`, width: `${Math.max(high - low, 1)}%` }}
        />
        <div
          className={`absolute inset-y-0 left-0 rounded-full ${tone}`}
          style={{ width: `${position(runway.days)}%` }}
        />
      </div>
      <div className="text-muted mt-1 flex justify-between text-xs">
        <span>Now</span>
        <span>{FULL_DAYS} days</span>
      </div>
    </div>
  )
}

function position(days: number): number {
  return (Math.min(days, FULL_DAYS) * 100) / FULL_DAYS
}
