import { Money } from '@/components/money/money'
import type { AssetDto } from '@/lib/analytics/contract'
import type { HistoryPageDto } from '@/lib/analytics/history-contract'

type HistorySubtotalProps = {
  readonly subtotal: HistoryPageDto['subtotal']
  readonly asset: AssetDto
}

/** What all matching entries add up to, not only those on this page. */
export function HistorySubtotal({ subtotal, asset }: HistorySubtotalProps) {
  const count = new Intl.NumberFormat('en-US').format(subtotal.rows)
  return (
    <dl className="rounded-card bg-surface-1 flex flex-wrap gap-x-8 gap-y-2 px-4 py-3">
      <Figure label="Entries that match">{count}</Figure>
      <Figure label="Added">
        <Money amount={subtotal.added} asset={asset} />
      </Figure>
      <Figure label="Spent">
        <Money amount={subtotal.spent} asset={asset} />
      </Figure>
      <Figure label="Net change">
        <Money amount={subtotal.net} asset={asset} sign="always" />
      </Figure>
      {subtotal.isPartial && (
        <div className="text-muted w-full text-sm">
          <dt className="sr-only">Note</dt>
          <dd>A search looks at the newest entries of the range. Choose earlier dates to search older ones.</dd>
        </div>
      )}
    </dl>
  )
}

function Figure({ label, children }: { readonly label: string; readonly children: React.ReactNode }) {
  return (
    <div>
      <dt className="text-muted text-sm">{label}</dt>
      <dd className="font-semibold">{children}</dd>
    </div>
  )
}
