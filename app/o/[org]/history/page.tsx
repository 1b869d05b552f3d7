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
  const viewer = await requireViewer('history:read', org, '/history')
  const history = await readHistory(viewer, historyFiltersSchema.parse(await searchParams), systemClock)
  if (!history.ok) forbidden()
  return <HistoryView history={history.value} />
}
