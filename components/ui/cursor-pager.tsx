import type { Route } from 'next'
import Link from 'next/link'
import { buttonStyle } from './button-style'

type CursorPagerProps = {
  readonly label: string
  readonly newer: Route | null
  readonly older: Route | null
  /** For instance the page size. */
  readonly children?: React.ReactNode
}

/** Newer and older, without page numbers: rows that arrive meanwhile shift nothing. */
export function CursorPager({ label, newer, older, children }: CursorPagerProps) {
  return (
    <nav aria-label={label} className="border-line flex flex-wrap items-center justify-between gap-3 border-t pt-4">
      <div className="flex gap-2">
        <PageLink href={newer}>← Newer</PageLink>
        <PageLink href={older}>Older →</PageLink>
      </div>
      {children}
    </nav>
  )
}

function PageLink({ href, children }: { readonly href: Route | null; readonly children: React.ReactNode }) {
  if (href === null) {
    return (
      <span className="rounded-control border-line text-muted inline-flex h-8 items-center border px-3 text-sm pointer-coarse:h-11">
        {children}
        <span className="sr-only"> (none)</span>
      </span>
    )
  }
  return (
    <Link href={href} className={buttonStyle({ variant: 'secondary', size: 'small' })}>
      {children}
    </Link>
  )
}
