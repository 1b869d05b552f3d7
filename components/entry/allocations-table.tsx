import { dateText } from '@/components/money/format-time'
import { moneyText, signOf } from '@/components/money/format-money'
import { DataTable, type Column } from '@/components/ui/data-table'
import type { AssetDto } from '@/lib/analytics/contract'
import type { AllocationDto } from '@/lib/analytics/history-contract'

type AllocationsTableProps = {
  readonly allocations: readonly AllocationDto[]
  readonly asset: AssetDto
  readonly timeZone: string
}

/** Which credits the entry drew from or fed, in the order it happened, and why in that order. */
export function AllocationsTable({ allocations, asset, timeZone }: AllocationsTableProps) {
  const columns: readonly Column<AllocationDto>[] = [
    {
      header: 'Credits',
      isPrimary: true,
      render: ({ label, expiresAt, reason }) => (
        <>
          {label}
          <span className="text-muted block text-sm font-normal">
            {expiresAt === null ? 'Never expires' : `Expires ${dateText(expiresAt, timeZone)}`}
            {reason !== null && ` · ${reason}`}
          </span>
        </>
      ),
    },
    {
      header: allocations.some(({ amount }) => signOf(amount) > 0) ? 'Added' : 'Used',
      isNumeric: true,
      render: ({ amount }) => moneyText(amount, asset, { precision: 'exact', sign: 'always' }),
    },
    { header: 'Left now', isNumeric: true, render: ({ remaining }) => moneyText(remaining, asset) },
  ]
  return (
    <DataTable
      caption="Credits this entry used, in order"
      columns={columns}
      rows={allocations}
      rowKey={({ order }) => String(order)}
    />
  )
}
