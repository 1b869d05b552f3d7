import { Clock } from 'lucide-react'
import Link from 'next/link'
import { organizationRoute } from '@/components/layout/organization-route'
import { Badge } from '@/components/ui/badge'
import type { EntryRowDto } from '@/lib/analytics/contract'
import { ENTRY_KIND_LOOKS } from './entry-kind'

type EntryTitleProps = {
  readonly entry: EntryRowDto
  /** Slug. */
  readonly organization: string
}

/** What an entry was: icon, kind, description, who. A booked entry leads to its explanation. */
export function EntryTitle({ entry, organization }: EntryTitleProps) {
  const { label, icon } = ENTRY_KIND_LOOKS[entry.kind]
  const Icon = entry.status === 'pending' ? Clock : icon
  return (
    <span className="flex min-w-0 items-center gap-3">
      <span aria-hidden className="bg-surface-2 text-muted grid size-8 shrink-0 place-items-center rounded-full">
        <Icon className="size-4" />
      </span>
      <span className="min-w-0">
        <span className="flex flex-wrap items-center gap-x-2">
          <EntryLink entry={entry} organization={organization}>
            {label}
          </EntryLink>
          {entry.status === 'pending' && <Badge>Pending</Badge>}
          {entry.status === 'failed' && <Badge tone="danger">Failed</Badge>}
        </span>
        <span className={`text-muted block text-sm break-words ${entry.status === 'failed' ? 'line-through' : ''}`}>
          {entry.description}
          {entry.actor !== null && ` · ${entry.actor}`}
        </span>
      </span>
    </span>
  )
}

function EntryLink({ entry, organization, children }: EntryTitleProps & { readonly children: string }) {
  if (entry.status !== 'booked')
    return (
      <span
        className={`text-muted inline-flex min-h-6 items-center font-medium ${entry.status === 'failed' ? 'line-through' : ''}`}
      >
        {children}
      </span>
    )
  return (
    <Link
      href={organizationRoute(organization, `/history/${encodeURIComponent(entry.id)}`)}
      scroll={false}
      className="inline-flex min-h-6 items-center font-medium hover:underline"
    >
      {children}
      <span className="sr-only">: explain this entry</span>
    </Link>
  )
}
