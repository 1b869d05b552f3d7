import 'server-only'

import type { Result } from '@/lib/result'
import { callStripe } from './call-stripe'
import { stripeClient } from './client'
import type { CardFacts, StripeFailure } from './facts'
import { cardFacts } from './read-facts'

const MOST_CARDS = 100

/** Reads a customer's saved cards, newest first, 100 at most. */
export async function listCards(customerId: string): Promise<Result<readonly CardFacts[], StripeFailure>> {
  return callStripe(async () => {
    const methods = await stripeClient().customers.listPaymentMethods(customerId, { type: 'card', limit: MOST_CARDS })
    return methods.data.map(cardFacts).filter((card) => card !== null)
  })
}
