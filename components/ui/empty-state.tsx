type EmptyStateProps = {
  readonly title: string
  readonly children?: React.ReactNode
  readonly action?: React.ReactNode
}

/** Nothing here yet: why, and what makes something appear. */
export function EmptyState({ title, children, action }: EmptyStateProps) {
  return (
    <div className="flex flex-col items-center gap-1 px-4 py-10 text-center">
      <p className="font-medium">{title}</p>
      {children !== undefined && <p className="text-muted max-w-sm">{children}</p>}
      {action !== undefined && <div className="mt-3">{action}</div>}
    </div>
  )
}
