type EntranceProps = {
  readonly title: string
  readonly lead?: React.ReactNode
  readonly children: React.ReactNode
}

/** The frame of pages outside an organization: sign-in, check e-mail, invitation. */
export function Entrance({ title, lead, children }: EntranceProps) {
  return (
    <main id="content" tabIndex={-1} className="bg-surface-1 grid min-h-dvh place-items-center px-4 py-10">
      <div className="w-full max-w-sm">
        <p className="mb-6 flex items-center gap-2.5 font-semibold">
          <span aria-hidden className="rounded-control bg-ink text-bg grid size-7 place-items-center text-sm">
            P
          </span>
          Purser
        </p>
        <div className="rounded-card border-line bg-bg border p-5 sm:p-6">
          <h1 className="text-xl">{title}</h1>
          {lead !== undefined && <p className="text-muted mt-1">{lead}</p>}
          <div className="mt-5">{children}</div>
        </div>
      </div>
    </main>
  )
}
