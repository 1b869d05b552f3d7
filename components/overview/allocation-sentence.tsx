import { dateText } from '@/components/money/format-time'
import { Money } from '@/components/money/money'
import type { AllocationDto } from '@/lib/analytics/contract'

type AllocationSentenceProps = { readonly allocation: AllocationDto; readonly timeZone: string }

/** The rule of a Lite seat in one line: what comes each month, when, and that nothing is carried over. */
export function AllocationSentence({ allocation: { asset, amount, renewsAt }, timeZone }: AllocationSentenceProps) {
  if (amount === null) return 'Your seat has no monthly allocation yet.'
  return (
    <>
      You get <Money amount={amount} asset={asset} /> each month, yours alone. The next comes on{' '}
      {dateText(renewsAt, timeZone)}; what is left then is not carried over.
    </>
  )
}
