import type { Metadata } from 'next'
import { headers } from 'next/headers'
import { forbidden } from 'next/navigation'

import { OverviewView } from '@/components/overview/overview-view'
import { readOverview } from '@/lib/analytics/read-overview'
import { requireViewer } from '@/lib/auth/viewer'
import { systemClock } from '@/lib/clock'

export const metadata: Metadata = { title: 'Overview' }

export default async function OverviewPage({ params }: PageProps<'/o/[org]'>) {
  const { org } = await params
  const viewer = await requireViewer('balance:read', org)
  const overview = await readOverview(viewer, await originOfRequest(), systemClock)
  if (!overview.ok) forbidden()
  return <OverviewView overview={overview.value} />
}

/** Where the reader has reached this server: their own requests to the API go there too. */
async function originOfRequest(): Promise<string> {
  const given = await headers()
  return `${given.get('x-forwarded-proto') ?? 'http'}://${given.get('host') ?? 'localhost'}`
}
