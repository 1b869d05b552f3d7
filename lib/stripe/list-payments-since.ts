import 'server-only'

import { ok, type Result } from '@/lib/result'
import { callStripe } from './call-stripe'
import { stripeClient } from './client'
import type { PaymentFacts, StripeFailure } from './facts'
import { paymentFacts } from './read-facts'

const PAGE_SIZE = 100
const MOST_PAGES = 100

/**
 * Reads the payments created at or after an instant, newest first, page by page. A failure of Stripe is the last thing
 * that comes. Ends after 10,000 payments: ask again from a later instant.
 */
export async function* listPaymentsSince(since: Date): AsyncGenerator<Result<PaymentFacts, StripeFailure>, void> {
  let after: string | undefined
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const cursor = after
    const listed = await callStripe(() =>
      stripeClient().paymentIntents.list({
        created: { gte: Math.floor(since.getTime() / 1000) },
        limit: PAGE_SIZE,
        expand: ['data.latest_charge'],
        ...(cursor === undefined ? {} : { starting_after: cursor }),
      }),
    )
    if (!listed.ok) {
      yield listed
      return
    }
    for (const intent of listed.value.data) yield ok(paymentFacts(intent))
    after = listed.value.data.at(-1)?.id
    if (!listed.value.has_more || after === undefined) return
  }
}
