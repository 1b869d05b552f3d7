'use client'

import type { Route } from 'next'
import Link from 'next/link'
import { usePathname } from 'next/navigation'

type NavLinkProps = {
  readonly href: Route
  /** Overview is the root of all pages, so only its exact address is "here". */
  readonly isExact?: boolean
  readonly className: string
  readonly children: React.ReactNode
}

/** A link that says `aria-current="page"` while its page, or one below it, is shown. */
export function NavLink({ href, isExact = false, className, children }: NavLinkProps) {
  const pathname = usePathname()
  const isCurrent = pathname === href || (!isExact && pathname.startsWith(`${href}/`))
  return (
    <Link href={href} aria-current={isCurrent ? 'page' : undefined} className={className}>
      {children}
    </Link>
  )
}
