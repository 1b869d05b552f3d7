import Link from 'next/link'
import { organizationRoute } from '@/components/layout/organization-route'
import { PageHeader } from '@/components/layout/page-header'
import { Banner } from '@/components/ui/banner'
import { CursorPager } from '@/components/ui/cursor-pager'
import { EmptyState } from '@/components/ui/empty-state'
import type { HistoryPageDto } from '@/lib/analytics/history-contract'
import { historyAddress } from './history-address'
import { HistoryFilterBar } from './history-filters'
import { HistorySubtotal } from './history-subtotal'
import { HistoryTable } from './history-table'

const PAGE_SIZES = [25, 50, 100] as const

/** The credit history page: filters, what they add up to, the entries, and the way to newer and older ones. */
export function HistoryView({ history }: { readonly history: HistoryPageDto }) {
  return (
    <>
      <PageHeader
        title="Credit history"
        lead={`Every change of your balance, and the reason for it. Times are in ${history.organization.timeZone}.`}
      />
      {history.hasAnyEntry ? (
        <History history={history} />
      ) : (
        <EmptyState title="No activity yet">Purchases and usage appear here.</EmptyState>
      )}
    </>
  )
}

function History({ history }: { readonly history: HistoryPageDto }) {
  const { organization, filters, rows, newerCursor, olderCursor } = history
  const { slug } = organization
  if (rows.length === 0) {
    return (
      <div className="flex flex-col gap-4">
        <HistoryFilterBar organization={slug} filters={filters} />
        {olderCursor === null ? (
          <EmptyState
            title="No entries match these filters"
            action={
              <Link href={organizationRoute(slug, '/history', { range: 'all' })} className="text-accent underline">
                Clear filters
              </Link>
            }
          />
        ) : (
          <EmptyState
            title="Nothing found so far"
            action={
              <Link href={historyAddress(slug, filters, { before: olderCursor })} className="text-accent underline">
                Search older entries
              </Link>
            }
          >
            A search looks at ten thousand entries at a time, the newest first.
          </EmptyState>
        )}
      </div>
    )
  }
  return (
    <div className="flex flex-col gap-4">
      <HistoryFilterBar organization={slug} filters={filters} />
      {history.isCursorRefused && (
        <Banner tone="neutral" title="That place in the list no longer exists">
          The newest entries are shown instead.
        </Banner>
      )}
      <HistorySubtotal subtotal={history.subtotal} asset={history.asset} />
      <HistoryTable rows={rows} organization={organization} />
      <CursorPager
        label="Older and newer entries"
        newer={newerCursor === null ? null : historyAddress(slug, filters, { after: newerCursor })}
        older={olderCursor === null ? null : historyAddress(slug, filters, { before: olderCursor })}
      >
        <PageSizes history={history} />
      </CursorPager>
    </div>
  )
}

function PageSizes({ history: { organization, filters } }: { readonly history: HistoryPageDto }) {
  return (
    <p className="text-muted flex items-center gap-1 text-sm">
      Rows
      {PAGE_SIZES.map((size) => (
        <Link
          key={size}
          href={historyAddress(organization.slug, filters, { size })}
          aria-current={size === filters.size ? 'true' : undefined}
          className="rounded-control hover:bg-surface-2 aria-[current=true]:bg-surface-2 aria-[current=true]:text-ink inline-flex h-8 min-w-8 items-center justify-center px-2 aria-[current=true]:font-medium pointer-coarse:h-11 pointer-coarse:min-w-11"
        >
          {size}
        </Link>
      ))}
    </p>
  )
}
