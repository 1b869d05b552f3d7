import 'server-only'

import type { Result } from '@/lib/result'
import { callStripe } from './call-stripe'
import { stripeClient } from './client'
import type { CheckoutFacts, StripeFailure } from './facts'
import { checkoutFacts } from './read-facts'

/** Closes a hosted page that nobody has paid on. One that is paid or closed already is `rejected`. */
export async function expireCheckoutSession(sessionId: string): Promise<Result<CheckoutFacts, StripeFailure>> {
  return callStripe(async () => checkoutFacts(await stripeClient().checkout.sessions.expire(sessionId)))
}
