import type { Metadata } from 'next'
import { forbidden } from 'next/navigation'

import { HistoryView } from '@/components/history/history-view'
import { historyFiltersSchema } from '@/lib/analytics/history-contract'
import { readHistory } from '@/lib/analytics/read-history'
import { requireViewer } from '@/lib/auth/viewer'
import { systemClock } from '@/lib/clock'

export const metadata: Metadata = { title: 'Credit history' }

export default async function HistoryPage({ params, searchParams }: PageProps<'/o/[org]/history'>) {
  const { org } = await params
  const search = await searchParams
  const viewer = await requireViewer('history:read', org, historyAddress(search))
  const history = await readHistory(viewer, historyFiltersSchema.parse(search), systemClock)
  if (!history.ok) forbidden()
  return <HistoryView history={history.value} />
}

/** This page as it was asked for, to come back to after signing in. */
function historyAddress(search: Record<string, string | string[] | undefined>): `/${string}` {
  const pairs = Object.entries(search).flatMap(([name, value]) => [value ?? []].flat().map((text) => [name, text]))
  return pairs.length === 0 ? '/history' : `/history?${new URLSearchParams(pairs)}`
}
