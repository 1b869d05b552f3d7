import 'server-only'

import type { Cents } from '@/lib/money/cents'
import type { Result } from '@/lib/result'
import { callStripe } from './call-stripe'
import { stripeClient } from './client'
import type { PaymentFacts, StripeFailure } from './facts'
import { paymentFacts, wholeCents } from './read-facts'

/** A charge's payment, and where the customer answers 3-D Secure when the bank asks. */
export type ChargedCard = { readonly payment: PaymentFacts; readonly nextActionUrl: string | null }

/**
 * Charges a saved card, in US cents. Off-session a bank that wants the customer is the failure `requires_action`;
 * on-session it is a payment with status `requires_action` and a page to send the customer to, who then comes back to
 * `returnUrl`. The same key charges once, however often it is asked.
 */
export async function chargeSavedCard(input: {
  customerId: string
  paymentMethodId: string
  amountCents: Cents
  description: string
  metadata: Readonly<Record<string, string>>
  offSession: boolean
  returnUrl?: string
  idempotencyKey: string
}): Promise<Result<ChargedCard, StripeFailure>> {
  return callStripe(async () => {
    const intent = await stripeClient().paymentIntents.create(
      {
        amount: wholeCents(input.amountCents),
        currency: 'usd',
        customer: input.customerId,
        payment_method: input.paymentMethodId,
        allowed_payment_method_types: ['card'],
        description: input.description,
        metadata: { ...input.metadata },
        confirm: true,
        ...(input.offSession ? { off_session: true } : {}),
        ...(input.returnUrl === undefined ? {} : { return_url: input.returnUrl }),
        expand: ['latest_charge'],
      },
      { idempotencyKey: input.idempotencyKey },
    )
    return { payment: paymentFacts(intent), nextActionUrl: intent.next_action?.redirect_to_url?.url ?? null }
  })
}
