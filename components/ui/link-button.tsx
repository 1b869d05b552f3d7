import type { Route } from 'next'
import Link from 'next/link'
import { buttonStyle, type ButtonLook } from './button-style'

type LinkButtonProps = ButtonLook & { readonly href: Route; readonly children: React.ReactNode }

/** Goes somewhere, and looks like a button because it is what to do next. */
export function LinkButton({ href, children, ...look }: LinkButtonProps) {
  return (
    <Link href={href} className={buttonStyle(look)}>
      {children}
    </Link>
  )
}
