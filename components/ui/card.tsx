type CardProps = {
  readonly title?: string
  /** Right of the title. */
  readonly aside?: React.ReactNode
  readonly children: React.ReactNode
  readonly className?: string
}

/** One thing and its title. The heading is how assistive technology finds it: a page full of landmarks would help nobody. */
export function Card({ title, aside, children, className = '' }: CardProps) {
  const box = `min-w-0 rounded-card border border-line bg-bg p-4 sm:p-5 ${className}`
  if (title === undefined) return <div className={box}>{children}</div>
  return (
    <section className={box}>
      <div className="mb-3 flex min-h-6 flex-wrap items-baseline justify-between gap-x-4 gap-y-1">
        <h2 className="text-base">{title}</h2>
        {aside}
      </div>
      {children}
    </section>
  )
}
