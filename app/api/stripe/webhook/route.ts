import { receiveStripeEvent } from '@/lib/billing/payments/receive-stripe-event'
import { systemClock } from '@/lib/clock'
import { verifyStripeEvent } from '@/lib/stripe/verify-event'

const LARGEST_BODY = 1_048_576

const REFUSALS = {
  bad_signature: 'The signature does not match.',
  wrong_mode: 'This event belongs to the other mode.',
} as const

/** Stripe's events: checked, stored, answered; the work is the job queue's. */
export async function POST(request: Request): Promise<Response> {
  if (Number(request.headers.get('content-length') ?? 0) > LARGEST_BODY) {
    return Response.json({ error: 'This is larger than any event of Stripe.' }, { status: 413 })
  }
  const body = new Uint8Array(await request.arrayBuffer())
  const event = verifyStripeEvent(body, request.headers.get('stripe-signature'))
  if (!event.ok) return Response.json({ error: REFUSALS[event.error] }, { status: 400 })
  const { id, stored } = await receiveStripeEvent(event.value, systemClock)
  return Response.json({ received: id, stored })
}
