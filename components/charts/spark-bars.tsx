import { sharePercent } from '@/components/money/percent'
import type { Decimal } from '@/lib/analytics/contract'
import { axisTop } from './bar-scale'

type SparkBarsProps = {
  readonly amounts: readonly Decimal[]
  /** The finding, in words. */
  readonly label: string
}

const HEIGHT = 32

/** A trend the size of a word. */
export function SparkBars({ amounts, label }: SparkBarsProps) {
  const top = axisTop(amounts)
  const step = 100 / Math.max(1, amounts.length)
  return (
    <svg role="img" aria-label={label} width="100%" height={HEIGHT}>
      {amounts.map((amount, index) => {
        const height = Math.max(1.5, (sharePercent(amount, top) * HEIGHT) / 100)
        return (
          <rect
            key={index}
            x={`${index * step + step * 0.15}%`}
            width={`${step * 0.7}%`}
            y={HEIGHT - height}
            height={height}
            className="fill-chart-1"
          />
        )
      })}
    </svg>
  )
}
