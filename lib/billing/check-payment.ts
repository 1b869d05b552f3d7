import 'server-only'

import type { Actor } from '@/lib/auth/rules/actor'
import { can } from '@/lib/auth/rules/permissions'
import type { Clock } from '@/lib/clock'
import { enqueueJob } from '@/lib/db/jobs'
import { findAccount } from '@/lib/db/organizations'
import { attachIntent, findPayment, movePayment, type Payment, type PaymentStatus } from '@/lib/db/payments'
import { inTransaction } from '@/lib/db/pool'
import type { PurserError } from '@/lib/errors'
import { err, ok, type Result } from '@/lib/result'
import { listPaymentsSince } from '@/lib/stripe/list-payments-since'
import { readCheckoutSession } from '@/lib/stripe/read-checkout-session'

import { paymentCheck } from './open-payment'
import { settlePayment } from './settle-payment'
import { stripeRefusal } from './stripe-refusal'

/** The shortest and longest wait between two looks, and when a payment that nobody finished is given up. */
const SHORTEST_WAIT_MS = 30_000
const LONGEST_WAIT_MS = 6 * 3_600_000
const GIVEN_UP_AFTER_MS = 26 * 3_600_000

/** Stripe's clock may run behind ours by this much. */
const CLOCK_SLACK_MS = 300_000

/**
 * Asks Stripe how an unfinished payment stands and does what it says: the way back from a webhook that was lost, delayed or
 * beaten by the return page. Errors: `forbidden`, `not_found`, `unavailable`.
 */
export async function checkPayment(
  actor: Actor,
  accountId: string,
  paymentId: string,
  clock: Clock,
): Promise<Result<PaymentStatus, PurserError>> {
  const account = await findAccount(accountId)
  const payment = account === null ? null : await findPayment(accountId, paymentId)
  if (account === null || payment === null) return err({ code: 'not_found', what: 'payment' })
  if (!can(actor, 'payments:settle', account)) return err({ code: 'forbidden' })
  if (payment.status === 'settled') return ok('settled')

  const looked = await lookAtStripe(actor, payment, clock)
  if (!looked.ok) return looked
  const current = await findPayment(accountId, paymentId)
  return ok(current?.status ?? payment.status)
}

/** The follow-up job: looks, and looks again later while the payment is open. Waits grow with the payment's age. */
export async function followUpPayment(
  actor: Actor,
  accountId: string,
  paymentId: string,
  clock: Clock,
): Promise<Result<PaymentStatus, PurserError>> {
  const status = await checkPayment(actor, accountId, paymentId, clock)
  if (!status.ok || isFinal(status.value)) return status
  const payment = await findPayment(accountId, paymentId)
  if (payment === null) return status
  const ageMs = clock.now().getTime() - payment.createdAt.getTime()
  if (ageMs > GIVEN_UP_AFTER_MS) {
    await movePayment(payment, 'cancelled', null, clock.now())
    return ok('cancelled')
  }
  const waitMs = Math.min(Math.max(ageMs, SHORTEST_WAIT_MS), LONGEST_WAIT_MS)
  const runAt = new Date(clock.now().getTime() + waitMs)
  await inTransaction((tx) => enqueueJob(tx, paymentCheck(payment, runAt)))
  return status
}

async function lookAtStripe(actor: Actor, payment: Payment, clock: Clock): Promise<Result<null, PurserError>> {
  let intentId = payment.paymentIntentId
  if (payment.checkoutSessionId !== null) {
    const session = await readCheckoutSession(payment.checkoutSessionId)
    if (!session.ok) return err(stripeRefusal(session.error))
    if (session.value.status === 'expired') await movePayment(payment, 'cancelled', null, clock.now())
    intentId = session.value.paymentIntentId
    if (intentId !== null) await attachIntent(payment, intentId, clock.now())
  }
  if (intentId === null && payment.cardId !== null) {
    const found = await findIntentOf(payment)
    if (!found.ok) return found
    intentId = found.value
    if (intentId !== null) await attachIntent(payment, intentId, clock.now())
  }
  if (intentId === null) return ok(null)
  const settled = await settlePayment(actor, intentId, clock)
  return settled.ok ? ok(null) : settled
}

/** A process that died between Stripe's answer and writing it down left a charge without a name here: Stripe has kept ours with it. */
async function findIntentOf(payment: Payment): Promise<Result<string | null, PurserError>> {
  const since = new Date(payment.createdAt.getTime() - CLOCK_SLACK_MS)
  for await (const listed of listPaymentsSince(since)) {
    if (!listed.ok) return err(stripeRefusal(listed.error))
    const { id, metadata } = listed.value
    if (metadata['payment_id'] === payment.id && metadata['account_id'] === payment.accountId) return ok(id)
  }
  return ok(null)
}

function isFinal(status: PaymentStatus): boolean {
  return status === 'settled' || status === 'failed' || status === 'cancelled'
}
