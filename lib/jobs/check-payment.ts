import 'server-only'

import { z } from 'zod'

import { followUpPayment } from '@/lib/billing/payments/check-payment'
import { systemClock } from '@/lib/clock'

const payloadSchema = z.object({ accountId: z.uuid(), paymentId: z.uuid() })

/** Task `check_payment`: asks Stripe about an unfinished payment, and again later while it stays unfinished. */
export async function checkPayment(payload: unknown): Promise<void> {
  const { accountId, paymentId } = payloadSchema.parse(payload)
  const checked = await followUpPayment({ kind: 'job', task: 'check_payment' }, accountId, paymentId, systemClock)
  if (!checked.ok) throw new Error(`payment ${paymentId}: ${checked.error.code}`)
}
