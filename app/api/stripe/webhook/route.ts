import { receiveStripeEvent } from '@/lib/billing/receive-stripe-event'
import { systemClock } from '@/lib/clock'
import { verifyStripeEvent } from '@/lib/stripe/verify-event'

/** Stripe's events: checked, stored, answered; the work is the job queue's. */
export async function POST(request: Request): Promise<Response> {
  const body = new Uint8Array(await request.arrayBuffer())
  const event = verifyStripeEvent(body, request.headers.get('stripe-signature'))
  if (!event.ok) return Response.json({ error: 'The signature does not match.' }, { status: 400 })
  const received = await receiveStripeEvent(event.value, systemClock)
  if (!received.ok) return Response.json({ error: 'This event belongs to the other mode.' }, { status: 400 })
  return Response.json({ received: received.value.id, stored: received.value.stored })
}
