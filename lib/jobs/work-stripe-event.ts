import 'server-only'

import { z } from 'zod'

import { workStripeEvent as work } from '@/lib/billing/payments/work-stripe-event'
import { systemClock } from '@/lib/clock'

const payloadSchema = z.object({ eventId: z.string() })

/** Task `work_stripe_event`: does what one stored event of Stripe says. Fails, and is tried again, while Stripe cannot be reached. */
export async function workStripeEvent(payload: unknown): Promise<void> {
  const { eventId } = payloadSchema.parse(payload)
  const worked = await work({ kind: 'job', task: 'work_stripe_event' }, eventId, systemClock)
  if (!worked.ok) throw new Error(`event ${eventId}: ${worked.error.code}`)
}
