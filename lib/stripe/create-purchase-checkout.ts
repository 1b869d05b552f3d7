import 'server-only'

import type { Cents } from '@/lib/money/cents'
import type { Result } from '@/lib/result'
import { callStripe } from './call-stripe'
import { stripeClient } from './client'
import type { StripeFailure } from './facts'
import { wholeCents } from './read-facts'

/**
 * Opens a hosted page for one purchase, in US cents. The metadata is set on the session and on the payment, so that each
 * finds its attempt alone. `{CHECKOUT_SESSION_ID}` in the success URL is filled in by Stripe.
 */
export async function createPurchaseCheckout(input: {
  customerId: string
  amountCents: Cents
  description: string
  metadata: Readonly<Record<string, string>>
  successUrl: string
  cancelUrl: string
  /** Keep the card for charges without the customer. */
  saveCard: boolean
  idempotencyKey: string
}): Promise<Result<{ readonly sessionId: string; readonly url: string }, StripeFailure>> {
  return callStripe(async () => {
    const session = await stripeClient().checkout.sessions.create(
      {
        mode: 'payment',
        customer: input.customerId,
        allowed_payment_method_types: ['card'],
        line_items: [
          {
            quantity: 1,
            price_data: {
              currency: 'usd',
              unit_amount: wholeCents(input.amountCents),
              product_data: { name: input.description },
            },
          },
        ],
        payment_intent_data: {
          description: input.description,
          metadata: { ...input.metadata },
          ...(input.saveCard ? { setup_future_usage: 'off_session' } : {}),
        },
        metadata: { ...input.metadata },
        success_url: input.successUrl,
        cancel_url: input.cancelUrl,
      },
      { idempotencyKey: input.idempotencyKey },
    )
    return { sessionId: session.id, url: pageOf(session) }
  })
}

/** The hosted page of a session that was just opened. */
export function pageOf(session: { id: string; url: string | null }): string {
  if (session.url === null) throw new Error(`Stripe opened Checkout session ${session.id} without a page`)
  return session.url
}
