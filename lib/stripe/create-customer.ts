import 'server-only'

import type { Result } from '@/lib/result'
import { callStripe } from './call-stripe'
import { stripeClient } from './client'
import type { StripeFailure } from './facts'

/** Creates the Stripe customer of a billing account. Returns the customer's id. Safe to repeat with the same key. */
export async function createCustomer(input: {
  accountId: string
  name: string
  email: string | null
  idempotencyKey: string
}): Promise<Result<string, StripeFailure>> {
  return callStripe(async () => {
    const customer = await stripeClient().customers.create(
      {
        name: input.name,
        ...(input.email === null ? {} : { email: input.email }),
        metadata: { purser_account: input.accountId },
      },
      { idempotencyKey: input.idempotencyKey },
    )
    return customer.id
  })
}
