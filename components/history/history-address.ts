import type { Route } from 'next'
import { organizationRoute } from '@/components/layout/organization-route'
import type { HistoryFilters } from '@/lib/analytics/history-contract'

/** Whether anything but the defaults is asked for. The range counts: a short one can hide everything. */
export function isFiltered({ range, from, to, type, min, q }: HistoryFilters): boolean {
  return range !== '30d' || from !== null || to !== null || type.length > 0 || min !== null || q !== ''
}

/** The history with these filters and this place in the list. Defaults are left out of the address. */
export function historyAddress(
  organization: string,
  filters: HistoryFilters,
  place: { readonly before?: string; readonly after?: string; readonly size?: number } = {},
): Route {
  const size = place.size ?? filters.size
  const search = new URLSearchParams()
  if (filters.range !== '30d') search.set('range', filters.range)
  if (filters.from !== null) search.set('from', filters.from)
  if (filters.to !== null) search.set('to', filters.to)
  for (const kind of filters.type) search.append('type', kind)
  if (filters.min !== null) search.set('min', filters.min)
  if (filters.q !== '') search.set('q', filters.q)
  if (size !== 25) search.set('size', String(size))
  if (place.before !== undefined) search.set('before', place.before)
  if (place.after !== undefined) search.set('after', place.after)
  const query = search.toString()
  return `${organizationRoute(organization, '/history')}${query === '' ? '' : `?${query}`}` as Route
}
