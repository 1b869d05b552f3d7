import 'server-only'

import type { Result } from '@/lib/result'
import { callStripe } from './call-stripe'
import { stripeClient } from './client'
import type { CardFacts, StripeFailure } from './facts'
import { cardFacts, idOf } from './read-facts'

/** Reads a card and whose it is. Null for a payment method that is not a card. */
export async function readCard(
  paymentMethodId: string,
): Promise<Result<(CardFacts & { readonly customerId: string | null }) | null, StripeFailure>> {
  return callStripe(async () => {
    const method = await stripeClient().paymentMethods.retrieve(paymentMethodId)
    const card = cardFacts(method)
    return card === null ? null : { ...card, customerId: idOf(method.customer) }
  })
}
