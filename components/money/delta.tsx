import type { Decimal } from '@/lib/analytics/contract'
import { changePercent } from './percent'

type DeltaProps = {
  readonly now: Decimal
  readonly before: Decimal
  /** What it is compared with: "the same days last month". */
  readonly than: string
}

/** How a figure moved, in words: a colour would judge, and spending more is not always bad. */
export function Delta({ now, before, than }: DeltaProps) {
  const change = changePercent(now, before)
  if (change === null) return <>No usage in {than}</>
  if (change === 0) return <>About the same as {than}</>
  const magnitude = Math.abs(change)
  return (
    <>
      {magnitude}% {change > 0 ? 'more' : 'less'} than {than}
    </>
  )
}
