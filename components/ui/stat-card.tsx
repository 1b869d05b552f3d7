type StatCardProps = {
  readonly label: string
  readonly value: React.ReactNode
  /** What the number rests on, or how it moved. */
  readonly note?: React.ReactNode
  readonly children?: React.ReactNode
}

/** One number that matters, with the reason beside it. */
export function StatCard({ label, value, note, children }: StatCardProps) {
  return (
    <section className="rounded-card border-line bg-bg flex min-w-0 flex-col border p-4 sm:p-5">
      <h2 className="text-muted text-sm font-medium">{label}</h2>
      <p className="mt-1 text-xl font-semibold tracking-tight">{value}</p>
      {note !== undefined && <p className="text-muted mt-1 text-sm">{note}</p>}
      {children}
    </section>
  )
}
