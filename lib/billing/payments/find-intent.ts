import 'server-only'

import { madeAt } from '@/lib/db/ids'
import type { Payment } from '@/lib/db/payments'
import type { PurserError } from '@/lib/errors'
import { err, ok, type Result } from '@/lib/result'
import { listPaymentsSince } from '@/lib/stripe/list-payments-since'

import { stripeRefusal } from './stripe-refusal'

/** Stripe's clock may run behind ours by this much. */
const CLOCK_SLACK_MS = 300_000

/** A process that died between Stripe's answer and writing it down left a charge without a name here: Stripe has kept ours with it. */
export async function findIntentOf(payment: Payment): Promise<Result<string | null, PurserError>> {
  const since = new Date(madeAt(payment.id).getTime() - CLOCK_SLACK_MS)
  for await (const listed of listPaymentsSince(since)) {
    if (!listed.ok) return err(stripeRefusal(listed.error))
    const { id, metadata } = listed.value
    if (metadata['payment_id'] === payment.id && metadata['account_id'] === payment.accountId) return ok(id)
  }
  return ok(null)
}
