import { CircleCheck, CircleX } from 'lucide-react'
import { Money } from '@/components/money/money'
import type { EntryExplanationDto } from '@/lib/analytics/history-contract'

/** The amount worked out again from what was stored, and whether it is the same to the last digit. */
export function Recalculation({ explanation }: { readonly explanation: EntryExplanationDto }) {
  const { recalculation, entry } = explanation
  const amount = <Money amount={recalculation.amount} asset={entry.asset} precision="exact" />
  return recalculation.matches ? (
    <p className="rounded-control bg-positive-tint text-positive flex items-start gap-2 px-3 py-2.5">
      <CircleCheck aria-hidden className="mt-0.5 size-4 shrink-0" />
      <span>Recalculated just now: {amount}. It matches to the last digit.</span>
    </p>
  ) : (
    <p className="rounded-control bg-danger-tint text-danger flex items-start gap-2 px-3 py-2.5">
      <CircleX aria-hidden className="mt-0.5 size-4 shrink-0" />
      <span>Recalculated just now: {amount}. It does not match. Please tell support the id of this entry.</span>
    </p>
  )
}
