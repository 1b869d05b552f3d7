import { moneyText } from '@/components/money/format-money'
import { DataTable, type Column } from '@/components/ui/data-table'
import type { AssetDto } from '@/lib/analytics/contract'
import type { ArithmeticLineDto } from '@/lib/analytics/history-contract'

type ArithmeticTableProps = {
  readonly lines: readonly ArithmeticLineDto[]
  readonly asset: AssetDto
}

/** How the amount came about, line by line: measured, rounded, times price. Free parts are listed too, at zero. */
export function ArithmeticTable({ lines, asset }: ArithmeticTableProps) {
  const columns: readonly Column<ArithmeticLineDto>[] = [
    {
      header: 'Part',
      isPrimary: true,
      render: ({ label, note }) => (
        <>
          {label}
          {note !== null && <span className="text-muted block text-sm font-normal">{note}</span>}
        </>
      ),
    },
    { header: 'Quantity', isNumeric: true, render: quantityText },
    {
      header: 'Price',
      isNumeric: true,
      render: ({ unitPrice, unit }) =>
        unitPrice === null ? 'Free' : `${moneyText(unitPrice, asset, { precision: 'exact' })}/${unit}`,
    },
    { header: 'Amount', isNumeric: true, render: ({ amount }) => moneyText(amount, asset, { precision: 'exact' }) },
  ]
  return <DataTable caption="Arithmetic of this entry" columns={columns} rows={lines} rowKey={({ label }) => label} />
}

function quantityText({ quantity, billed, unit }: ArithmeticLineDto): string {
  return quantity === billed ? `${quantity} ${unit}` : `${quantity} → ${billed} ${unit}`
}
