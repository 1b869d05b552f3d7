import { CopyButton } from './copy-button'

/** An id in mono with a copy button. Breaks anywhere, so it never widens a page. */
export function Identifier({ id, what }: { readonly id: string; readonly what: string }) {
  return (
    <span className="inline-flex max-w-full items-center gap-1">
      <code className="min-w-0 font-mono text-sm break-all">{id}</code>
      <CopyButton text={id} what={what} />
    </span>
  )
}
