import type { Metadata } from 'next'
import { forbidden } from 'next/navigation'

import { BuyView } from '@/components/buy/buy-view'
import { readBuyPage } from '@/lib/analytics/read-buy-page'
import { requireViewer } from '@/lib/auth/viewer'
import { systemClock } from '@/lib/clock'

import { buyCredits } from './actions'

export const metadata: Metadata = { title: 'Buy credits' }

export default async function BuyPage({ params, searchParams }: PageProps<'/o/[org]/buy'>) {
  const { org } = await params
  const viewer = await requireViewer('balance:read', org, '/buy')
  const { amount } = await searchParams
  const page = await readBuyPage(viewer, typeof amount === 'string' ? amount : null, systemClock)
  if (!page.ok) forbidden()
  return <BuyView page={page.value} action={buyCredits.bind(null, org)} />
}
