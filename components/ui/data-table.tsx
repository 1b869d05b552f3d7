/** A column: `isNumeric` aligns right, `isPrimary` heads the row on narrow screens. */
export type Column<Row> = {
  readonly header: string
  readonly isNumeric?: boolean
  readonly isPrimary?: boolean
  readonly render: (row: Row) => React.ReactNode
}

type DataTableProps<Row> = {
  readonly caption: string
  readonly columns: readonly Column<Row>[]
  readonly rows: readonly Row[]
  readonly rowKey: (row: Row) => string
  readonly rowClassName?: (row: Row) => string
}

/**
 * A table, rendered on the server. Narrow screens read each row as a list of label and value; the explicit roles keep it a
 * table for assistive technology although CSS then lays it out as blocks.
 */
export function DataTable<Row>({ caption, columns, rows, rowKey, rowClassName }: DataTableProps<Row>) {
  return (
    <table role="table" className="block w-full md:table">
      <caption className="sr-only">{caption}</caption>
      <thead role="rowgroup" className="sr-only md:not-sr-only md:table-header-group">
        <tr role="row" className="md:table-row">
          {columns.map(({ header, isNumeric }) => (
            <th
              key={header}
              role="columnheader"
              scope="col"
              className={`border-line text-muted border-b py-2 text-sm font-medium md:pr-4 md:last:pr-0 ${isNumeric === true ? 'text-right' : 'text-left'}`}
            >
              {header}
            </th>
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup" className="divide-line block divide-y md:table-row-group">
        {rows.map((row) => (
          <tr key={rowKey(row)} role="row" className={`block py-3 md:table-row md:py-0 ${rowClassName?.(row) ?? ''}`}>
            {columns.map((column) => (
              <Cell key={column.header} column={column} row={row} />
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Cell<Row>({ column, row }: { readonly column: Column<Row>; readonly row: Row }) {
  const { header, isNumeric, isPrimary, render } = column
  const narrow =
    isPrimary === true
      ? 'block pb-1 font-medium'
      : 'flex items-baseline justify-between gap-4 py-0.5 text-right before:text-sm before:text-muted before:text-left before:content-[attr(data-label)]'
  const wide = `md:table-cell md:h-11 md:py-1.5 md:pr-4 md:align-middle md:font-normal md:last:pr-0 md:before:content-none ${isNumeric === true ? 'md:text-right' : 'md:text-left'}`
  return (
    <td role="cell" data-label={header} className={`${narrow} ${wide}`}>
      {render(row)}
    </td>
  )
}
