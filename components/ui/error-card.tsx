import { RetryButton } from './retry-button'

/** One card of a page could not be read; the rest of the page stands. */
export function ErrorCard({ title }: { readonly title: string }) {
  return (
    <section className="rounded-card border-line bg-bg min-w-0 border p-4 sm:p-5">
      <h2 className="text-base">{title}</h2>
      <p className="text-muted mt-2 mb-3">This part could not be loaded. Nothing was changed.</p>
      <RetryButton />
    </section>
  )
}
