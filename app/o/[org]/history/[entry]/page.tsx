import type { Metadata } from 'next'
import { forbidden, notFound } from 'next/navigation'

import { EntryView } from '@/components/entry/entry-view'
import { explainEntry } from '@/lib/analytics/explain-entry'
import { requireViewer } from '@/lib/auth/viewer'
import { systemClock } from '@/lib/clock'

export const metadata: Metadata = { title: 'Explain this entry' }

export default async function EntryPage({ params }: PageProps<'/o/[org]/history/[entry]'>) {
  const { org, entry } = await params
  const viewer = await requireViewer('history:read', org, `/history/${entry}`)
  const explanation = await explainEntry(viewer, entry, systemClock)
  if (explanation.ok) return <EntryView explanation={explanation.value} />
  if (explanation.error.code === 'not_found') notFound()
  forbidden()
}
