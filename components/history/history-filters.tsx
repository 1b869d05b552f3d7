import { ChevronDown } from 'lucide-react'
import Link from 'next/link'
import { organizationRoute } from '@/components/layout/organization-route'
import { FilterBar } from '@/components/ui/filter-bar'
import { NativeSelect } from '@/components/ui/native-select'
import { TextField } from '@/components/ui/text-field'
import { ENTRY_KINDS } from '@/lib/analytics/contract'
import type { HistoryFilters } from '@/lib/analytics/history-contract'
import { ENTRY_KIND_LOOKS } from './entry-kind'
import { isFiltered } from './history-address'

const RANGE_OPTIONS = [
  { value: '7d', label: 'Last 7 days' },
  { value: '30d', label: 'Last 30 days' },
  { value: '90d', label: 'Last 90 days' },
  { value: 'all', label: 'All time' },
] as const

type HistoryFilterBarProps = {
  /** Slug. */
  readonly organization: string
  readonly filters: HistoryFilters
}

/** Range, types and search. What was chosen is in the address, so a filtered history can be sent to somebody. */
export function HistoryFilterBar({ organization, filters }: HistoryFilterBarProps) {
  const history = organizationRoute(organization, '/history')
  return (
    <FilterBar
      label="Filter the history"
      action={history}
      clear={
        isFiltered(filters) && (
          <Link href={history} className="text-accent inline-flex min-h-6 items-center hover:underline">
            Clear filters
          </Link>
        )
      }
    >
      <div className="sm:w-40">
        <NativeSelect id="range" name="range" label="Range" options={RANGE_OPTIONS} defaultValue={filters.range} />
      </div>
      <TypeFilter selected={filters.type} />
      <div className="col-span-2 sm:w-64">
        <TextField
          id="q"
          name="q"
          type="search"
          label="Search"
          placeholder="Id, key, model or person"
          defaultValue={filters.q}
          maxLength={100}
        />
      </div>
      <MoreFilters filters={filters} />
      {filters.size !== 25 && <input type="hidden" name="size" value={filters.size} />}
    </FilterBar>
  )
}

function TypeFilter({ selected }: { readonly selected: HistoryFilters['type'] }) {
  const count = selected.length
  return (
    <FilterDetails label="Types" summary={count === 0 ? 'All types' : count === 1 ? '1 type' : `${count} types`}>
      <fieldset>
        <legend className="sr-only">Types</legend>
        {ENTRY_KINDS.map((kind) => (
          <label
            key={kind}
            className="rounded-control hover:bg-surface-2 flex h-8 items-center gap-2.5 px-2 pointer-coarse:h-11"
          >
            <input
              type="checkbox"
              name="type"
              value={kind}
              defaultChecked={selected.includes(kind)}
              className="size-4"
            />
            {ENTRY_KIND_LOOKS[kind].label}
          </label>
        ))}
      </fieldset>
    </FilterDetails>
  )
}

function MoreFilters({ filters: { from, to, min } }: { readonly filters: HistoryFilters }) {
  const count = [from, to, min].filter((value) => value !== null).length
  return (
    <FilterDetails label="More" summary={count === 0 ? 'Dates, amount' : count === 1 ? '1 more' : `${count} more`}>
      <div className="flex flex-col gap-3 p-2">
        <TextField id="from" name="from" type="date" label="From" defaultValue={from ?? ''} />
        <TextField id="to" name="to" type="date" label="To" defaultValue={to ?? ''} />
        <TextField id="min" name="min" inputMode="decimal" label="Smallest amount" defaultValue={min ?? ''} />
      </div>
    </FilterDetails>
  )
}

type FilterDetailsProps = { readonly label: string; readonly summary: string; readonly children: React.ReactNode }

/** A field that opens: looks like a select, holds more than one control, needs no JavaScript. */
function FilterDetails({ label, summary, children }: FilterDetailsProps) {
  return (
    <details className="group relative open:col-span-2 sm:w-40">
      <summary className="rounded-control flex flex-col gap-1.5">
        <span className="font-medium">{label}</span>
        <span className="rounded-control border-input-line flex h-10 items-center justify-between gap-2 border px-3 pointer-coarse:h-11">
          {summary}
          <ChevronDown aria-hidden className="text-muted size-4 shrink-0 group-open:rotate-180" />
        </span>
      </summary>
      <div className="rounded-control border-line bg-bg shadow-popover mt-1 border p-2 sm:absolute sm:z-10 sm:w-60">
        {children}
      </div>
    </details>
  )
}
