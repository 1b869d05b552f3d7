import 'server-only'

import type { Result } from '@/lib/result'
import { callStripe } from './call-stripe'
import { stripeClient } from './client'
import type { StripeFailure } from './facts'

/** Makes a saved card the one that Stripe uses for the customer by default. Null leaves the customer without one. */
export async function setDefaultCard(
  customerId: string,
  paymentMethodId: string | null,
): Promise<Result<null, StripeFailure>> {
  return callStripe(async () => {
    const settings = { default_payment_method: paymentMethodId ?? '' }
    await stripeClient().customers.update(customerId, { invoice_settings: settings })
    return null
  })
}
