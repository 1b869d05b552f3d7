import { signOf } from '@/components/money/format-money'
import { Money } from '@/components/money/money'
import type { EntryRowDto } from '@/lib/analytics/contract'

/** The signed amount of an entry. The sign says it; the colour only helps. */
export function EntryAmount({ entry }: { readonly entry: EntryRowDto }) {
  const isBooked = entry.status === 'booked'
  const tone = !isBooked ? 'text-muted' : signOf(entry.amount) > 0 ? 'text-positive' : ''
  return (
    <span className={`font-medium ${tone} ${entry.status === 'failed' ? 'line-through' : ''}`}>
      <Money amount={entry.amount} asset={entry.asset} sign="always" />
    </span>
  )
}
