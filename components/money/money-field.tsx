import { Field } from '@/components/ui/field'
import { CONTROL } from '@/components/ui/control-style'

type MoneyFieldProps = Omit<React.ComponentProps<'input'>, 'id' | 'className' | 'type'> & {
  readonly id: string
  readonly label: string
  /** Smallest and largest amount, always visible. */
  readonly hint: React.ReactNode
  readonly error?: string | undefined
}

/** Dollars as text: no number spinner, no float. The server reads the exact decimal. */
export function MoneyField({ id, label, hint, error, ...input }: MoneyFieldProps) {
  return (
    <Field id={id} label={label} hint={hint} error={error}>
      {(control) => (
        <span className="relative block">
          <span aria-hidden className="text-muted pointer-events-none absolute inset-y-0 left-3 flex items-center">
            $
          </span>
          <input
            inputMode="decimal"
            autoComplete="off"
            {...input}
            {...control}
            type="text"
            className={`${CONTROL} pl-7`}
          />
        </span>
      )}
    </Field>
  )
}
