import type { Route } from 'next'
import Link from 'next/link'

type PageHeaderProps = {
  readonly title: string
  readonly lead?: React.ReactNode
  /** Buttons at the right. */
  readonly actions?: React.ReactNode
  /** The page above this one. */
  readonly back?: { readonly href: Route; readonly label: string }
}

/** The only `h1` of a page, with what may be done on it. */
export function PageHeader({ title, lead, actions, back }: PageHeaderProps) {
  return (
    <header className="mb-6 flex flex-wrap items-end justify-between gap-x-6 gap-y-3">
      <div className="min-w-0">
        {back !== undefined && (
          <Link
            href={back.href}
            className="text-muted hover:text-ink -mt-1 mb-1 inline-flex min-h-8 items-center gap-1 text-sm hover:underline"
          >
            <span aria-hidden>←</span> {back.label}
          </Link>
        )}
        <h1 className="text-2xl leading-tight">{title}</h1>
        {lead !== undefined && <div className="text-muted mt-1">{lead}</div>}
      </div>
      {actions !== undefined && <div className="flex flex-wrap gap-2">{actions}</div>}
    </header>
  )
}
