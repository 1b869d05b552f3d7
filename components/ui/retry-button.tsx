'use client'

import { useRouter } from 'next/navigation'
import { useTransition } from 'react'
import { buttonStyle } from './button-style'
import { Spinner } from './spinner'

/** Asks the server for the page again. */
export function RetryButton() {
  const router = useRouter()
  const [isPending, startTransition] = useTransition()
  return (
    <button
      type="button"
      aria-disabled={isPending}
      onClick={() => {
        if (!isPending) startTransition(() => router.refresh())
      }}
      className={buttonStyle({ variant: 'secondary', size: 'small' })}
    >
      {isPending && <Spinner className="absolute left-0.5 size-2.5" />}
      Retry
    </button>
  )
}
