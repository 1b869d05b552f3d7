'use client'

import { useFormStatus } from 'react-dom'
import { buttonStyle, type ButtonLook } from './button-style'
import { Spinner } from './spinner'

type SubmitButtonProps = ButtonLook & {
  readonly children: React.ReactNode
  readonly name?: string
  readonly value?: string
}

/** Submits its form once. While pending it keeps its width and label, shows a spinner and swallows further clicks. */
export function SubmitButton({ children, name, value, ...look }: SubmitButtonProps) {
  const { pending } = useFormStatus()
  return (
    <button
      type="submit"
      name={name}
      value={value}
      aria-disabled={pending}
      onClick={(event) => {
        if (pending) event.preventDefault()
      }}
      className={buttonStyle(look)}
    >
      {pending && <Spinner className="absolute left-1 size-3" />}
      {children}
      <span role="status" className="sr-only">
        {pending && 'Working'}
      </span>
    </button>
  )
}
