import 'server-only'

import type { Actor } from '@/lib/auth/rules/actor'
import { can } from '@/lib/auth/rules/permissions'
import type { Clock } from '@/lib/clock'
import { madeAt } from '@/lib/db/ids'
import { enqueueJob } from '@/lib/db/jobs'
import { findAccount, type Account } from '@/lib/db/organizations'
import { attachIntent, findPayment, movePayment, type Payment, type PaymentStatus } from '@/lib/db/payments'
import { inTransaction } from '@/lib/db/pool'
import type { PurserError } from '@/lib/errors'
import { err, ok, type Result } from '@/lib/result'
import { readCheckoutSession } from '@/lib/stripe/read-checkout-session'

import { findIntentOf } from './find-intent'
import { paymentCheck } from './open-payment'
import { resumeCharge } from '../charges/resume-charge'
import { settlePayment } from './settle-payment'
import { stripeRefusal } from './stripe-refusal'

/** The shortest and longest wait between two looks, and when a payment that nobody finished is given up. */
const SHORTEST_WAIT_MS = 30_000
const LONGEST_WAIT_MS = 6 * 3_600_000
const GIVEN_UP_AFTER_MS = 26 * 3_600_000

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

  const looked = await lookAtStripe(actor, account, payment, clock)
  if (!looked.ok) return looked
  const current = await findPayment(accountId, paymentId)
  return ok(current?.status ?? payment.status)
}

/**
 * The follow-up job: looks, and looks again later while the payment is open or Stripe cannot be reached. Waits grow with the payment's age.
 * `clock` is real time. A purchase that nobody paid is given up; an automatic charge ends as Stripe says, however long that takes.
 */
export async function followUpPayment(
  actor: Actor,
  accountId: string,
  paymentId: string,
  clock: Clock,
): Promise<Result<PaymentStatus, PurserError>> {
  const status = await checkPayment(actor, accountId, paymentId, clock)
  if (status.ok ? isFinal(status.value) : status.error.code !== 'unavailable') return status
  const payment = await findPayment(accountId, paymentId)
  if (payment === null) return status
  const ageMs = clock.now().getTime() - madeAt(payment.id).getTime()
  if (ageMs > GIVEN_UP_AFTER_MS && status.ok && payment.kind === 'purchase') {
    await movePayment(payment, 'cancelled', null, clock.now())
    return ok('cancelled')
  }
  const waitMs = Math.min(Math.max(ageMs, SHORTEST_WAIT_MS), LONGEST_WAIT_MS)
  const runAt = new Date(clock.now().getTime() + waitMs)
  await inTransaction((tx) => enqueueJob(tx, paymentCheck(payment, runAt)))
  return ok(payment.status)
}

async function lookAtStripe(
  actor: Actor,
  account: Account,
  payment: Payment,
  clock: Clock,
): Promise<Result<null, PurserError>> {
  if (payment.kind !== 'purchase') {
    return isFinal(payment.status) && payment.paymentIntentId === null
      ? ok(null)
      : resumeCharge(actor, account, payment, clock)
  }
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

function isFinal(status: PaymentStatus): boolean {
  return status === 'settled' || status === 'failed' || status === 'cancelled'
}
