import 'server-only'

import type { Cents } from '@/lib/money/cents'
import type { Result } from '@/lib/result'
import { callStripe } from './call-stripe'
import { stripeClient } from './client'
import type { StripeFailure } from './facts'
import { wholeCents } from './read-facts'

/** Sends part of a payment back to its card, in US cents. More than is left of the payment is `rejected`. Returns the refund's id. */
export async function refundPayment(input: {
  paymentIntentId: string
  amountCents: Cents
  metadata: Readonly<Record<string, string>>
  idempotencyKey: string
}): Promise<Result<string, StripeFailure>> {
  return callStripe(async () => {
    const refund = await stripeClient().refunds.create(
      {
        payment_intent: input.paymentIntentId,
        amount: wholeCents(input.amountCents),
        metadata: { ...input.metadata },
      },
      { idempotencyKey: input.idempotencyKey },
    )
    return refund.id
  })
}
