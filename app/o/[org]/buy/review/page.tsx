import type { Metadata } from 'next'
import { redirect } from 'next/navigation'

import { ReviewView } from '@/components/buy/review-view'
import { organizationRoute } from '@/components/layout/organization-route'
import { readReview } from '@/lib/analytics/read-review'
import { requireViewer } from '@/lib/auth/viewer'
import { systemClock } from '@/lib/clock'

import { payReviewed } from '../actions'

export const metadata: Metadata = { title: 'Review and pay' }

export default async function ReviewPage({ params, searchParams }: PageProps<'/o/[org]/buy/review'>) {
  const { org } = await params
  const viewer = await requireViewer('credits:buy', org, '/buy')
  const { amount, token } = await searchParams
  if (typeof amount !== 'string' || typeof token !== 'string') redirect(organizationRoute(org, '/buy'))
  const request = { amountUsd: amount, formToken: token, receiptEmail: viewer.email }
  const review = await readReview(viewer, request, systemClock)
  if (!review.ok) redirect(organizationRoute(org, '/buy', { amount }))
  return <ReviewView review={review.value} action={payReviewed.bind(null, org, review.value.card.id)} />
}
