import type { Dollars } from '@/lib/analytics/contract'
import { USD } from './asset'
import { moneyText } from './format-money'

/** The value of the chip that stands for an amount of one's own. */
export const OTHER_AMOUNT = 'other'

type AmountChipsProps = {
  readonly name: string
  readonly legend: string
  readonly packsUsd: readonly Dollars[]
  /** One of the packs, or `other`. */
  readonly selected: string
}

/** Amounts to pick from, and "Other". Native radios: one tab stop, arrow keys, no JavaScript. */
export function AmountChips({ name, legend, packsUsd, selected }: AmountChipsProps) {
  const options = [
    ...packsUsd.map((usd) => ({ value: usd, label: chipText(usd) })),
    { value: OTHER_AMOUNT, label: 'Other' },
  ]
  return (
    <fieldset>
      <legend className="mb-2 font-medium">{legend}</legend>
      <div className="grid grid-cols-3 gap-2">
        {options.map(({ value, label }) => (
          <label
            key={value}
            className="rounded-control border-input-line hover:bg-surface-1 has-checked:border-accent has-checked:bg-accent-tint has-checked:text-accent has-checked:inset-ring-accent has-focus-visible:outline-accent relative flex h-12 items-center justify-center border font-medium transition-colors has-checked:inset-ring has-focus-visible:outline-2 has-focus-visible:outline-offset-2"
          >
            <input
              type="radio"
              name={name}
              value={value}
              defaultChecked={value === selected}
              className="absolute inset-0 size-full opacity-0"
            />
            {label}
          </label>
        ))}
      </div>
    </fieldset>
  )
}

/** Whole dollars without cents: chips are a column of their own kind. */
function chipText(usd: Dollars): string {
  const text = moneyText(usd, USD)
  return text.endsWith('.00') ? text.slice(0, -3) : text
}
