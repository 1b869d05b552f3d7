import { InlineError } from './inline-error'

/** What the control inside a field must carry. */
type ControlProps = {
  readonly id: string
  readonly 'aria-describedby': string | undefined
  readonly 'aria-invalid': true | undefined
}

type FieldProps = {
  readonly id: string
  readonly label: string
  readonly hint?: React.ReactNode
  readonly error?: string | undefined
  readonly children: (control: ControlProps) => React.ReactNode
}

/** Label, hint and error around one control, tied together for assistive technology. */
export function Field({ id, label, hint, error, children }: FieldProps) {
  const hintId = hint === undefined ? undefined : `${id}-hint`
  const errorId = error === undefined ? undefined : `${id}-error`
  const describedBy = [errorId, hintId].filter((part) => part !== undefined).join(' ')
  return (
    <div className="flex flex-col gap-1.5">
      <label htmlFor={id} className="font-medium">
        {label}
      </label>
      {children({
        id,
        'aria-describedby': describedBy === '' ? undefined : describedBy,
        'aria-invalid': error === undefined ? undefined : true,
      })}
      {hintId !== undefined && (
        <p id={hintId} className="text-muted text-sm">
          {hint}
        </p>
      )}
      {errorId !== undefined && <InlineError id={errorId}>{error}</InlineError>}
    </div>
  )
}
