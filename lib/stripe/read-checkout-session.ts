import 'server-only'

import type { Result } from '@/lib/result'
import { callStripe } from './call-stripe'
import { stripeClient } from './client'
import type { CheckoutFacts, StripeFailure } from './facts'
import { checkoutFacts } from './read-facts'

/** Reads a Checkout session as it stands now. An unknown id is `rejected` with code `resource_missing`. */
export async function readCheckoutSession(sessionId: string): Promise<Result<CheckoutFacts, StripeFailure>> {
  return callStripe(async () => checkoutFacts(await stripeClient().checkout.sessions.retrieve(sessionId)))
}
