'use client'

import { usePathname } from 'next/navigation'
import { useEffect, useRef } from 'react'

/**
 * Moves focus to the page's heading after a change of page, as a full load would; Next's own announcer says the title.
 * A panel that opens over a page keeps that page's heading, so it is left alone.
 */
export function RouteFocus() {
  const pathname = usePathname()
  const lastHeading = useRef<Element | null>(null)

  useEffect(() => {
    const heading = document.querySelector<HTMLElement>('main h1')
    const isFirstPage = lastHeading.current === null
    const isSamePage = lastHeading.current === heading
    lastHeading.current = heading
    if (isFirstPage || isSamePage || heading === null) return
    heading.tabIndex = -1
    heading.focus({ preventScroll: true })
  }, [pathname])

  return null
}
