'use client'

import { X } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useLayoutEffect, useRef } from 'react'
import { buttonStyle } from './button-style'

type PanelProps = {
  readonly label: string
  readonly children: React.ReactNode
}

/**
 * A side panel for an intercepted route. A modal `<dialog>`: the browser keeps focus inside, closes on Escape and hands focus
 * back to what opened it. Closing goes back in history, so Back and Escape mean the same.
 */
export function Panel({ label, children }: PanelProps) {
  const dialog = useRef<HTMLDialogElement>(null)
  const router = useRouter()

  // Before the dialog leaves the page, not after: only a dialog that is still there hands the focus back.
  useLayoutEffect(() => {
    const element = dialog.current
    const opener = document.activeElement
    if (element !== null && !element.open) element.showModal()
    return () => {
      element?.close()
      if (opener instanceof HTMLElement) opener.focus({ preventScroll: true })
    }
  }, [])

  return (
    <dialog
      ref={dialog}
      aria-label={label}
      onCancel={(event) => {
        event.preventDefault()
        router.back()
      }}
      onClick={(event) => {
        // A click on the dialog itself, and not on something in it, is a click on the backdrop.
        if (event.target === event.currentTarget) router.back()
      }}
      className="border-line bg-bg text-ink shadow-popover fixed inset-y-0 right-0 left-auto m-0 h-dvh max-h-none w-full max-w-xl overflow-y-auto border-l backdrop:bg-black/40"
    >
      <div className="bg-bg sticky top-0 z-10 flex justify-end px-4 pt-3 pb-1">
        <button
          type="button"
          onClick={() => router.back()}
          className={buttonStyle({ variant: 'quiet', size: 'small' })}
        >
          <X aria-hidden className="size-4" />
          Close
        </button>
      </div>
      <div className="px-5 pb-8 sm:px-6">{children}</div>
    </dialog>
  )
}
