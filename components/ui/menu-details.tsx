'use client'

import { usePathname } from 'next/navigation'
import { useEffect, useRef } from 'react'

type MenuDetailsProps = {
  readonly label: string
  readonly summary: React.ReactNode
  readonly opens?: 'down' | 'up'
  readonly align?: 'start' | 'end'
  readonly children: React.ReactNode
}

/**
 * A small popover on `<details>`: opens without JavaScript. With it, Escape closes it and returns focus, and so do a click
 * elsewhere, focus leaving it and a change of page.
 */
export function MenuDetails({ label, summary, opens = 'down', align = 'start', children }: MenuDetailsProps) {
  const details = useRef<HTMLDetailsElement>(null)
  const pathname = usePathname()

  useEffect(() => {
    details.current?.removeAttribute('open')
  }, [pathname])

  useEffect(() => {
    function closeOutside(event: PointerEvent | FocusEvent) {
      const isInside = event.target instanceof Node && details.current?.contains(event.target) === true
      if (!isInside) details.current?.removeAttribute('open')
    }
    document.addEventListener('pointerdown', closeOutside)
    document.addEventListener('focusin', closeOutside)
    return () => {
      document.removeEventListener('pointerdown', closeOutside)
      document.removeEventListener('focusin', closeOutside)
    }
  }, [])

  function closeOnEscape(event: React.KeyboardEvent<HTMLDetailsElement>) {
    if (event.key !== 'Escape' || details.current?.open !== true) return
    event.stopPropagation()
    details.current.removeAttribute('open')
    details.current.querySelector('summary')?.focus()
  }

  const place = `${opens === 'up' ? 'bottom-full mb-1' : 'top-full mt-1'} ${align === 'end' ? 'right-1' : 'left-0'}`
  return (
    <details ref={details} onKeyDown={closeOnEscape} className="relative">
      <summary className="rounded-control">
        <span className="sr-only">{label}: </span>
        {summary}
      </summary>
      <div
        className={`rounded-card border-line bg-bg shadow-popover absolute z-30 w-64 max-w-[calc(100vw-1.5rem)] border p-1 ${place}`}
      >
        {children}
      </div>
    </details>
  )
}
