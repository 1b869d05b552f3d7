import { CopyButton } from './copy-button'

type CodeBlockProps = {
  /** What the code is, for its name and for the copy button. */
  readonly label: string
  readonly code: string
}

/** Code to copy. Long lines scroll inside; the box takes focus so that the keyboard can scroll it too. */
export function CodeBlock({ label, code }: CodeBlockProps) {
  return (
    <div className="rounded-control border-line bg-surface-1 overflow-hidden border">
      <div className="border-line flex items-center justify-between border-b py-1 pr-1 pl-3">
        <span className="text-muted text-sm">{label}</span>
        <CopyButton text={code} what={label} />
      </div>
      <pre tabIndex={0} className="overflow-x-auto p-3 font-mono text-sm leading-relaxed">
        <code>{code}</code>
      </pre>
    </div>
  )
}
