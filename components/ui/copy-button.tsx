'use client'

import { Check, Copy } from 'lucide-react'
import { useState } from 'react'
import { buttonStyle } from './button-style'

type CopyButtonProps = {
  readonly text: string
  /** What is copied, for the button's name: "Copy request id". */
  readonly what: string
}

/** Copies a text and says so. Resets when focus leaves, so it can be used again. */
export function CopyButton({ text, what }: CopyButtonProps) {
  const [isCopied, setIsCopied] = useState(false)
  async function copy() {
    await navigator.clipboard.writeText(text)
    setIsCopied(true)
  }
  return (
    <button
      type="button"
      onClick={() => void copy()}
      onBlur={() => setIsCopied(false)}
      className={`${buttonStyle({ variant: 'quiet', size: 'small' })} -my-1`}
    >
      {isCopied ? <Check aria-hidden className="text-positive size-3.5" /> : <Copy aria-hidden className="size-3.5" />}
      <span aria-live="polite">{isCopied ? 'Copied' : 'Copy'}</span>
      <span className="sr-only"> {what}</span>
    </button>
  )
}
