import type { Metadata } from 'next'
import { forbidden, notFound } from 'next/navigation'

import { PaymentResultView } from '@/components/buy/payment-result-view'
import { SeenMark } from '@/components/buy/seen-mark'
import { findNamedPayment, readPaymentResult } from '@/lib/analytics/read-payment-result'
import { requireViewer } from '@/lib/auth/viewer'
import { checkPayment } from '@/lib/billing/payments/check-payment'
import { systemClock } from '@/lib/clock'

export const metadata: Metadata = { title: 'Your payment' }

/** Where people come back to after paying. Stripe is asked here too, so nobody waits for a webhook; the ledger says what happened. */
export default async function ReturnPage({ params, searchParams }: PageProps<'/o/[org]/buy/return'>) {
  const { org } = await params
  const { payment: outsideId, cancelled, seen } = await searchParams
  const viewer = await requireViewer('credits:buy', org, '/buy')
  const started = typeof outsideId === 'string' ? await findNamedPayment(viewer, outsideId) : null
  if (started === null) notFound()

  await checkPayment({ kind: 'stripe' }, viewer.account.id, started.id, systemClock)
  const payment = await findNamedPayment(viewer, String(outsideId))
  const arrival = { hasCancelled: cancelled !== undefined, hasSeenResult: seen !== undefined }
  const result = payment === null ? null : await readPaymentResult(viewer, payment, arrival, systemClock)
  if (result === null) notFound()
  if (!result.ok) forbidden()
  return (
    <>
      <PaymentResultView result={result.value} />
      {result.value.status === 'added' && <SeenMark />}
    </>
  )
}
