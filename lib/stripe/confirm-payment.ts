import 'server-only'

import type { Result } from '@/lib/result'
import { callStripe } from './call-stripe'
import type { ChargedCard } from './charge-saved-card'
import { stripeClient } from './client'
import type { StripeFailure } from './facts'
import { paymentFacts } from './read-facts'

/**
 * Asks for a payment again with its person present, whose bank may want them: then there is a page to send them to, from which they come
 * back to `returnUrl`. One that has succeeded or was canceled is `rejected`.
 */
export async function confirmPayment(input: {
  paymentIntentId: string
  paymentMethodId: string
  returnUrl: string
}): Promise<Result<ChargedCard, StripeFailure>> {
  return callStripe(async () => {
    const intent = await stripeClient().paymentIntents.confirm(input.paymentIntentId, {
      payment_method: input.paymentMethodId,
      return_url: input.returnUrl,
      expand: ['latest_charge'],
    })
    return { payment: paymentFacts(intent), nextActionUrl: intent.next_action?.redirect_to_url?.url ?? null }
  })
}
