/** A place held for a line of text that is on its way; give it the width of what will come. */
export function SkeletonLine({ width = 'w-24' }: { readonly width?: string }) {
  return <span aria-hidden className={`animate-breathe rounded-control bg-surface-2 inline-block h-[1em] ${width}`} />
}

/** A place held for a card of known height. */
export function SkeletonCard({ height, label }: { readonly height: string; readonly label: string }) {
  return (
    <div role="status" className={`animate-breathe rounded-card border-line bg-surface-1 border ${height}`}>
      <span className="sr-only">{label}</span>
    </div>
  )
}

/** Places held for the rows of a table. */
export function SkeletonRows({ rows, label }: { readonly rows: number; readonly label: string }) {
  return (
    <div role="status" className="divide-line divide-y">
      <span className="sr-only">{label}</span>
      {Array.from({ length: rows }, (_, row) => (
        <div key={row} className="flex h-12 items-center justify-between gap-6">
          <SkeletonLine width="w-40" />
          <SkeletonLine width="w-16" />
        </div>
      ))}
    </div>
  )
}
