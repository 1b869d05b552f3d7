import 'server-only'

import { setTimeout as pause } from 'node:timers/promises'

import type { Clock } from '@/lib/clock'
import { findPayment, type Payment } from '@/lib/db/payments'

/** For so long after its start a payment is taken to be in the hands of the request that started it. */
const IN_HANDS_MS = 5_000
const LOOK_EVERY_MS = 100

/**
 * The second click of a form waits for the first one to hear from Stripe, and answers what it heard, instead of asking Stripe the
 * same thing at the same moment. When the first one has died, the second goes on with the same key after five seconds at most.
 */
export async function waitForTwin(payment: Payment, { now }: Clock): Promise<Payment> {
  let latest = payment
  while (latest.status === 'started' && now().getTime() - payment.createdAt.getTime() < IN_HANDS_MS) {
    await pause(LOOK_EVERY_MS)
    latest = (await findPayment(payment.accountId, payment.id)) ?? latest
  }
  return latest
}
