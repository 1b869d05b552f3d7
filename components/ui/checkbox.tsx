type CheckboxProps = {
  readonly name: string
  readonly label: React.ReactNode
  readonly hint?: React.ReactNode
  readonly value?: string
  readonly defaultChecked?: boolean
}

/** A choice to make on purpose: unchecked unless told otherwise. The whole line is the target. */
export function Checkbox({ name, label, hint, value = 'on', defaultChecked = false }: CheckboxProps) {
  return (
    <label className="flex min-h-6 items-start gap-2.5 pointer-coarse:min-h-11 pointer-coarse:items-center">
      <input
        type="checkbox"
        name={name}
        value={value}
        defaultChecked={defaultChecked}
        className="mt-0.5 size-4 shrink-0 pointer-coarse:mt-0 pointer-coarse:size-5"
      />
      <span>
        {label}
        {hint !== undefined && <span className="text-muted block text-sm">{hint}</span>}
      </span>
    </label>
  )
}
