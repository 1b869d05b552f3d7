type SegmentedRadioProps = {
  readonly name: string
  readonly legend: string
  readonly options: readonly { readonly value: string; readonly label: string }[]
  readonly defaultValue: string
}

/** A few choices side by side; native radios, so arrow keys and forms just work. */
export function SegmentedRadio({ name, legend, options, defaultValue }: SegmentedRadioProps) {
  return (
    <fieldset>
      <legend className="mb-1.5 font-medium">{legend}</legend>
      <div className="rounded-control border-input-line bg-bg inline-flex max-w-full border p-[3px]">
        {options.map(({ value, label }) => (
          <label
            key={value}
            className="text-muted has-checked:bg-surface-2 has-checked:text-ink has-focus-visible:outline-accent relative flex h-8 items-center rounded-[4px] px-3 has-checked:font-medium has-focus-visible:outline-2 has-focus-visible:outline-offset-2 pointer-coarse:h-10"
          >
            <input
              type="radio"
              name={name}
              value={value}
              defaultChecked={value === defaultValue}
              className="absolute inset-0 size-full opacity-0"
            />
            {label}
          </label>
        ))}
      </div>
    </fieldset>
  )
}
