type MessagePageProps = {
  readonly title: string
  readonly children: React.ReactNode
  readonly action?: React.ReactNode
}

/** A page that has one thing to say: not found, not allowed, broken. */
export function MessagePage({ title, children, action }: MessagePageProps) {
  return (
    <main id="content" tabIndex={-1} className="mx-auto flex min-h-[70dvh] max-w-md flex-col justify-center px-4 py-16">
      <h1 className="text-2xl">{title}</h1>
      <p className="text-muted mt-2">{children}</p>
      {action !== undefined && <div className="mt-6 flex flex-wrap gap-2">{action}</div>}
    </main>
  )
}
