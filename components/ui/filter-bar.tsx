import type { Route } from 'next'
import Form from 'next/form'
import { Button } from './button'

type FilterBarProps = {
  readonly label: string
  /** Where the filters go, as search parameters. */
  readonly action: Route
  readonly children: React.ReactNode
  readonly clear?: React.ReactNode
}

/** Filters as a GET form: the address is the state, and it works without JavaScript. */
export function FilterBar({ label, action, children, clear }: FilterBarProps) {
  return (
    <Form
      action={action}
      role="search"
      aria-label={label}
      scroll={false}
      className="grid grid-cols-2 items-end gap-3 sm:flex sm:flex-wrap"
    >
      {children}
      <div className="flex items-center gap-3">
        <Button type="submit" variant="secondary">
          Apply
        </Button>
        {clear}
      </div>
    </Form>
  )
}
