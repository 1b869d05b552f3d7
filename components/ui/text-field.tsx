import { CONTROL } from './control-style'
import { Field } from './field'

type TextFieldProps = Omit<React.ComponentProps<'input'>, 'id' | 'className'> & {
  readonly id: string
  readonly label: string
  readonly hint?: React.ReactNode
  readonly error?: string | undefined
}

/** One line of text. Paste and password managers always work. */
export function TextField({ id, label, hint, error, ...input }: TextFieldProps) {
  return (
    <Field id={id} label={label} hint={hint} error={error}>
      {(control) => <input {...input} {...control} className={CONTROL} />}
    </Field>
  )
}
