type SwitchProps = {
  readonly name: string
  readonly label: string
  readonly hint?: React.ReactNode
  readonly defaultChecked?: boolean
}

/** On or off. A native checkbox with the role of a switch: it posts with its form. */
export function Switch({ name, label, hint, defaultChecked = false }: SwitchProps) {
  return (
    <label className="flex min-h-11 items-center justify-between gap-4">
      <span>
        <span className="font-medium">{label}</span>
        {hint !== undefined && <span className="text-muted block text-sm">{hint}</span>}
      </span>
      <input
        type="checkbox"
        role="switch"
        name={name}
        defaultChecked={defaultChecked}
        className="border-input-line bg-surface-2 before:bg-input-line checked:border-accent-button checked:bg-accent-button checked:before:bg-on-fill relative h-6 w-10 shrink-0 appearance-none rounded-full border transition-colors before:absolute before:top-[3px] before:left-[3px] before:size-4 before:rounded-full before:transition-transform checked:before:translate-x-4 forced-colors:appearance-auto"
      />
    </label>
  )
}
