import { Lock } from 'lucide-react'

/** Inside a page: what the reader may not do, and whom to ask. */
export function Forbidden({ title, children }: { readonly title: string; readonly children: React.ReactNode }) {
  return (
    <section className="rounded-card border-line bg-surface-1 flex gap-3 border p-4 sm:p-5">
      <Lock aria-hidden className="text-muted mt-0.5 size-4 shrink-0" />
      <div>
        <p className="font-medium">{title}</p>
        <p className="text-muted">{children}</p>
      </div>
    </section>
  )
}
