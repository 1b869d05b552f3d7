import { ChevronDown } from 'lucide-react'
import { CONTROL } from './control-style'
import { Field } from './field'

type NativeSelectProps = {
  readonly id: string
  readonly name: string
  readonly label: string
  readonly options: readonly { readonly value: string; readonly label: string }[]
  readonly defaultValue?: string
  readonly error?: string
}

/** The platform's own select: right on every phone, no JavaScript. */
export function NativeSelect({ id, name, label, options, defaultValue, error }: NativeSelectProps) {
  return (
    <Field id={id} label={label} error={error}>
      {(control) => (
        <span className="relative block">
          <select {...control} name={name} defaultValue={defaultValue} className={`${CONTROL} appearance-none pr-9`}>
            {options.map((option) => (
              <option key={option.value} value={option.value}>
                {option.label}
              </option>
            ))}
          </select>
          <ChevronDown
            aria-hidden
            className="text-muted pointer-events-none absolute inset-y-0 right-3 my-auto size-4"
          />
        </span>
      )}
    </Field>
  )
}
