import 'server-only'

import type { Result } from '@/lib/result'
import { callStripe } from './call-stripe'
import { stripeClient } from './client'
import type { PaymentFacts, StripeFailure } from './facts'
import { paymentFacts } from './read-facts'

/** Reads a payment as it stands now. An unknown id is `rejected` with code `resource_missing`. */
export async function readPayment(paymentIntentId: string): Promise<Result<PaymentFacts, StripeFailure>> {
  return callStripe(async () =>
    paymentFacts(await stripeClient().paymentIntents.retrieve(paymentIntentId, { expand: ['latest_charge'] })),
  )
}
