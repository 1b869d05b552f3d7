import { CircleAlert } from 'lucide-react'

/** What is wrong with one field, or one small thing, and how to put it right. */
export function InlineError({ id, children }: { readonly id?: string; readonly children: React.ReactNode }) {
  return (
    <p id={id} className="text-danger flex items-start gap-1.5 text-sm">
      <CircleAlert aria-hidden className="mt-0.5 size-3.5 shrink-0" />
      <span>{children}</span>
    </p>
  )
}
