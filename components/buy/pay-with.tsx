import { CreditCard } from 'lucide-react'
import { cardExpiryText, cardText } from '@/components/money/card-text'
import type { CardDto } from '@/lib/analytics/contract'

type PayWithProps = {
  readonly card: CardDto | null
  /** "saved" or "new". */
  readonly selected: string
}

/** Which card pays: the saved one, or one that is entered on the next page. */
export function PayWith({ card, selected }: PayWithProps) {
  if (card === null) {
    return (
      <div>
        <p className="mb-2 text-base font-medium">Card</p>
        <p className="rounded-control bg-surface-1 text-muted flex items-center gap-2.5 px-3 py-3">
          <CreditCard aria-hidden className="size-4 shrink-0" />
          Enter card on the next page
        </p>
        <input type="hidden" name="payWith" value="new" />
      </div>
    )
  }
  return (
    <fieldset>
      <legend className="mb-2 font-medium">Card</legend>
      <div className="flex flex-col gap-2">
        <CardChoice value="saved" isChecked={selected === 'saved'} hint={cardExpiryText(card)}>
          {cardText(card)}
        </CardChoice>
        <CardChoice value="new" isChecked={selected !== 'saved'} hint="Entered on the next page">
          Another card
        </CardChoice>
      </div>
    </fieldset>
  )
}

type CardChoiceProps = {
  readonly value: string
  readonly isChecked: boolean
  readonly hint: string
  readonly children: React.ReactNode
}

function CardChoice({ value, isChecked, hint, children }: CardChoiceProps) {
  return (
    <label className="rounded-control border-input-line hover:bg-surface-1 has-checked:border-accent has-checked:inset-ring-accent flex min-h-12 items-center gap-3 border px-3 py-2 has-checked:inset-ring">
      <input type="radio" name="payWith" value={value} defaultChecked={isChecked} className="size-4 shrink-0" />
      <span className="flex flex-1 flex-wrap items-baseline justify-between gap-x-4">
        <span className="font-medium">{children}</span>
        <span className="text-muted text-sm">{hint}</span>
      </span>
    </label>
  )
}
