import type { Route } from 'next'

/**
 * The address of a page of an organization: `organizationRoute('acme', '/buy', { amount: '50' })`.
 * The one place that casts to Next's typed routes: slugs come from the database, so the compiler cannot check them.
 */
export function organizationRoute(
  slug: string,
  path: '' | `/${string}` = '',
  search: Readonly<Record<string, string>> = {},
): Route {
  const query = new URLSearchParams(search).toString()
  return `/o/${encodeURIComponent(slug)}${path}${query === '' ? '' : `?${query}`}` as Route
}
