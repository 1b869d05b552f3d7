import 'server-only'

import type { Result } from '@/lib/result'
import { callStripe } from './call-stripe'
import { stripeClient } from './client'
import { pageOf } from './create-purchase-checkout'
import type { StripeFailure } from './facts'

/** Opens a hosted page that saves a card for later charges. No charge is made. */
export async function createSetupCheckout(input: {
  customerId: string
  metadata: Readonly<Record<string, string>>
  successUrl: string
  cancelUrl: string
  idempotencyKey: string
}): Promise<Result<{ readonly sessionId: string; readonly url: string }, StripeFailure>> {
  return callStripe(async () => {
    const session = await stripeClient().checkout.sessions.create(
      {
        mode: 'setup',
        customer: input.customerId,
        allowed_payment_method_types: ['card'],
        setup_intent_data: { metadata: { ...input.metadata } },
        metadata: { ...input.metadata },
        success_url: input.successUrl,
        cancel_url: input.cancelUrl,
      },
      { idempotencyKey: input.idempotencyKey },
    )
    return { sessionId: session.id, url: pageOf(session) }
  })
}
