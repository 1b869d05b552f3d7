import { useId } from 'react'
import type { AssetDto, Instant, LotDto } from '@/lib/analytics/contract'
import { dateText, daysUntil } from './format-time'
import { signOf } from './format-money'
import { Money } from './money'
import { sharePercent } from './percent'

type ExpiryTimelineProps = {
  readonly lots: readonly LotDto[]
  readonly asset: AssetDto
  readonly now: Instant
  readonly timeZone: string
}

const TALLEST = 18
const LOWEST = 5

const FILLS: Readonly<Record<LotDto['kind'], string>> = {
  paid: 'fill-chart-1',
  promo: 'fill-chart-2',
  plan: 'fill-chart-3',
  contract: 'fill-chart-4',
  adjustment: 'fill-chart-6',
}

/**
 * One bar per lot from now to its expiry: length is time, height what remains, the hatched end what is forecast to expire
 * unused. The words of each lot stand above its bar, so the drawing itself is decoration.
 */
export function ExpiryTimeline({ lots, asset, now, timeZone }: ExpiryTimelineProps) {
  const spans = lots.map(({ expiresAt }) => (expiresAt === null ? null : daysUntil(expiresAt, now)))
  const longestDays = Math.max(30, ...spans.filter((span) => span !== null))
  const largest = lots.reduce(
    (most, { remaining }) => (sharePercent(remaining, most) >= 100 ? remaining : most),
    '0.01',
  )
  return (
    <ul className="flex flex-col gap-3">
      {lots.map((lot, index) => (
        <li key={lot.id}>
          <div className="flex flex-wrap items-baseline justify-between gap-x-4">
            <span>
              <span className="font-medium">
                <Money amount={lot.remaining} asset={asset} />
              </span>{' '}
              {lot.label}
              {lot.restrictedTo !== null && <span className="text-muted">, {lot.restrictedTo}</span>}
            </span>
            <span className="text-muted text-sm">
              {lot.expiresAt === null ? 'Never expires' : `Expires ${dateText(lot.expiresAt, timeZone)}`}
            </span>
          </div>
          <LotBar
            kind={lot.kind}
            lengthPercent={((spans[index] ?? longestDays) * 100) / longestDays}
            height={LOWEST + (sharePercent(lot.remaining, largest) * (TALLEST - LOWEST)) / 100}
            wastePercent={sharePercent(lot.forecastUnused ?? '0', lot.remaining)}
          />
          {lot.forecastUnused !== null && signOf(lot.forecastUnused) > 0 && (
            <p className="text-warning text-sm">
              <Money amount={lot.forecastUnused} asset={asset} /> of it will expire unused at your current rate.
            </p>
          )}
        </li>
      ))}
    </ul>
  )
}

type LotBarProps = {
  readonly kind: LotDto['kind']
  readonly lengthPercent: number
  readonly height: number
  readonly wastePercent: number
}

function LotBar({ kind, lengthPercent, height, wastePercent }: LotBarProps) {
  const hatch = useId()
  const length = Math.max(1, Math.min(100, lengthPercent))
  const waste = (length * wastePercent) / 100
  const top = (TALLEST - height) / 2
  return (
    <svg aria-hidden width="100%" height={TALLEST} className="my-1 block">
      <defs>
        <pattern id={hatch} width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <rect width="2" height="5" className="fill-warning" />
        </pattern>
      </defs>
      <rect width="100%" height="1" y={TALLEST / 2} className="fill-line" />
      <rect width={`${length - waste}%`} height={height} y={top} className={FILLS[kind]} />
      {waste > 0 && (
        <rect
          x={`${length - waste}%`}
          width={`${waste}%`}
          height={height}
          y={top}
          fill={`url(#${hatch})`}
          className="stroke-warning"
        />
      )}
    </svg>
  )
}
