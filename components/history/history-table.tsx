import { Money } from '@/components/money/money'
import { TimeStamp } from '@/components/money/time-stamp'
import { DataTable, type Column } from '@/components/ui/data-table'
import type { EntryRowDto, OrganizationDto } from '@/lib/analytics/contract'
import { EntryAmount } from './entry-amount'
import { EntryTitle } from './entry-title'

type HistoryTableProps = {
  readonly rows: readonly EntryRowDto[]
  readonly organization: OrganizationDto
}

/** The credit history: what, when, how much, and the balance after it. */
export function HistoryTable({ rows, organization }: HistoryTableProps) {
  const { slug, timeZone } = organization
  const columns: readonly Column<EntryRowDto>[] = [
    { header: 'What', isPrimary: true, render: (entry) => <EntryTitle entry={entry} organization={slug} /> },
    {
      header: 'When',
      render: ({ occurredAt }) => <TimeStamp at={occurredAt} timeZone={timeZone} />,
    },
    { header: 'Amount', isNumeric: true, render: (entry) => <EntryAmount entry={entry} /> },
    {
      header: 'Balance after',
      isNumeric: true,
      render: ({ balanceAfter, asset }) =>
        balanceAfter === null ? '–' : <Money amount={balanceAfter} asset={asset} />,
    },
  ]
  return (
    <DataTable
      caption="Credit history, newest first"
      columns={columns}
      rows={rows}
      rowKey={({ id }) => id}
      rowClassName={({ status }) => (status === 'booked' ? 'hover:bg-surface-1' : 'text-muted')}
    />
  )
}
