import 'server-only'

import type { Actor } from '@/lib/auth/rules/actor'
import { can } from '@/lib/auth/rules/permissions'
import { accountClock, type Clock } from '@/lib/clock'
import { lockAccountTerms } from '@/lib/db/account-terms'
import { lockAutoCharge } from '@/lib/db/auto-charges'
import { findCard } from '@/lib/db/cards'
import { readId } from '@/lib/db/ids'
import { enqueueJob } from '@/lib/db/jobs'
import type { Account } from '@/lib/db/organizations'
import { awaitConfirmation, findPayment, reopenPayment, type Payment } from '@/lib/db/payments'
import { inTransaction } from '@/lib/db/pool'
import type { PurserError } from '@/lib/errors'
import { err, ok, type Result } from '@/lib/result'
import { confirmPayment } from '@/lib/stripe/confirm-payment'

import { keepAutoCharge } from './keep-auto-charge'
import { paymentCheck } from '../payments/open-payment'
import { beginCharge } from '../rules/auto-charge'
import { settlePayment } from '../payments/settle-payment'
import { paymentPage } from '../payments/start-purchase'
import { stripeRefusal } from '../payments/stripe-refusal'

/** A person who comes back from the bank is looked after by then. */
const FIRST_CHECK_MS = 60_000

/**
 * Lets a person confirm the automatic charge (`pay_…`) for which the bank wanted them: the same payment again, now with them present. It
 * is the account's open attempt meanwhile, so nothing else is charged. Answers where the person goes next: to the bank, or to the payment's
 * page. Errors: `forbidden`, `not_found`, `conflict` (it is not the charge that waits any more), `payment_refused`, `unavailable`.
 */
export async function confirmCharge(
  actor: Actor,
  account: Account,
  outsideId: string,
  origin: string,
  clock: Clock,
): Promise<Result<{ readonly nextUrl: string }, PurserError>> {
  if (!can(actor, 'recharge:manage', account)) return err({ code: 'forbidden' })
  const id = readId('pay', outsideId)
  const payment = id === null ? null : await findPayment(account.id, id)
  if (payment === null || payment.paymentIntentId === null) return err({ code: 'not_found', what: 'payment' })
  const card = payment.cardId === null ? null : await findCard(account.id, payment.cardId)
  if (card === null) return err({ code: 'not_found', what: 'card' })
  if (!(await reopen(account, payment, clock))) return err(NOT_WAITING)

  const returnUrl = paymentPage(account, payment, origin)
  const { paymentIntentId } = payment
  const asked = await confirmPayment({ paymentIntentId, paymentMethodId: card.stripePaymentMethodId, returnUrl })
  if (asked.ok && asked.value.nextActionUrl !== null) {
    await awaitConfirmation(payment, asked.value.nextActionUrl, clock.now())
    return ok({ nextUrl: asked.value.nextActionUrl })
  }
  // Paid without a question, declined, or unanswered: what Stripe says of the intent decides, now or by the job that was left behind.
  const settled = await settlePayment({ kind: 'job', task: 'confirm_charge' }, paymentIntentId, clock)
  if (!settled.ok) return settled
  return asked.ok ? ok({ nextUrl: returnUrl }) : err(stripeRefusal(asked.error))
}

const NOT_WAITING = {
  code: 'conflict',
  message: 'This charge does not wait for you any more. Reload the page.',
} as const

/** The charge that waits for its person becomes the open attempt again. A second click finds it open and asks the bank again. */
async function reopen(account: Account, payment: Payment, clock: Clock): Promise<boolean> {
  const now = accountClock(account, clock).now()
  return inTransaction(async (tx) => {
    await lockAccountTerms(tx, account.id)
    const before = await lockAutoCharge(tx, account.id)
    const { state } = before
    if (state.paymentId !== payment.id) return false
    if (state.status === 'charging') return payment.status === 'awaiting_payment'
    if (state.reason !== 'requires_action' || !(await reopenPayment(tx, payment, now))) return false
    await keepAutoCharge(tx, account.id, before, { ...before, state: beginCharge(state, payment.id) }, now)
    await enqueueJob(tx, paymentCheck(payment, new Date(clock.now().getTime() + FIRST_CHECK_MS)))
    return true
  })
}
