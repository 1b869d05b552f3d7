import 'server-only'

import type { Result } from '@/lib/result'
import { callStripe } from './call-stripe'
import { stripeClient } from './client'
import type { StripeFailure } from './facts'

/** Removes a saved card from its customer for good. One that is not saved any more is `rejected`. */
export async function detachCard(paymentMethodId: string): Promise<Result<null, StripeFailure>> {
  return callStripe(async () => {
    await stripeClient().paymentMethods.detach(paymentMethodId)
    return null
  })
}
