type KeyValueGridProps = {
  readonly items: readonly { readonly label: string; readonly value: React.ReactNode }[]
}

/** Facts as label and value; the values line up at the right. */
export function KeyValueGrid({ items }: KeyValueGridProps) {
  return (
    <dl className="divide-line divide-y">
      {items.map(({ label, value }) => (
        <div key={label} className="flex flex-wrap items-baseline justify-between gap-x-6 gap-y-0.5 py-2">
          <dt className="text-muted">{label}</dt>
          <dd className="ml-auto min-w-0 text-right break-words">{value}</dd>
        </div>
      ))}
    </dl>
  )
}
