type ChartFigureProps = {
  /** The finding, in words. */
  readonly caption: React.ReactNode
  /** Decoration: the table says the same. */
  readonly drawing: React.ReactNode
  /** The same data as a table. */
  readonly table: React.ReactNode
}

/** A chart that can be read three ways: its finding in words, its drawing, its numbers. */
export function ChartFigure({ caption, drawing, table }: ChartFigureProps) {
  return (
    <figure>
      <figcaption className="text-muted mb-4">{caption}</figcaption>
      <div aria-hidden>{drawing}</div>
      <details className="mt-3">
        <summary className="rounded-control text-accent inline-flex min-h-6 items-center text-sm hover:underline pointer-coarse:min-h-11">
          View as table
        </summary>
        <div className="mt-2 max-h-80 overflow-y-auto" tabIndex={0} role="group" aria-label="Chart data">
          {table}
        </div>
      </details>
    </figure>
  )
}
