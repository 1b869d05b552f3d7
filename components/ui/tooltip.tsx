type TooltipProps = {
  readonly id: string
  readonly text: string
  readonly children: React.ReactNode
}

/** More about a value, on hover and on focus. CSS only; the text is its description either way. */
export function Tooltip({ id, text, children }: TooltipProps) {
  return (
    <span className="group relative inline-block">
      <span
        tabIndex={0}
        aria-describedby={id}
        className="rounded-[2px] decoration-dotted underline-offset-4 group-hover:underline"
      >
        {children}
      </span>
      <span
        id={id}
        role="tooltip"
        className="rounded-control border-line bg-bg text-ink shadow-popover absolute right-0 bottom-full z-10 mb-1 hidden w-max max-w-60 border px-2 py-1 text-left text-sm font-normal whitespace-pre-line group-focus-within:block group-hover:block"
      >
        {text}
      </span>
    </span>
  )
}
