import { forbidden, notFound } from 'next/navigation'

import { EntryPanel } from '@/components/entry/entry-panel'
import { explainEntry } from '@/lib/analytics/explain-entry'
import { requireViewer } from '@/lib/auth/viewer'
import { systemClock } from '@/lib/clock'

type EntryPanelPageProps = { readonly params: Promise<{ readonly org: string; readonly entry: string }> }

/** The explanation beside the list it was opened from. Opened by its address, the same entry is a page of its own. */
export default async function EntryPanelPage({ params }: EntryPanelPageProps) {
  const { org, entry } = await params
  const viewer = await requireViewer('history:read', org, `/history/${entry}`)
  const explanation = await explainEntry(viewer, entry, systemClock)
  if (explanation.ok) return <EntryPanel explanation={explanation.value} />
  if (explanation.error.code === 'not_found') notFound()
  forbidden()
}
