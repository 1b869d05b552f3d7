import 'server-only'

import type { Actor } from '@/lib/auth/rules/actor'
import { can } from '@/lib/auth/rules/permissions'
import type { Clock } from '@/lib/clock'
import { findCard, type Card } from '@/lib/db/cards'
import { readId } from '@/lib/db/ids'
import type { Account } from '@/lib/db/organizations'
import { attachIntent, awaitConfirmation, movePayment, type Payment } from '@/lib/db/payments'
import type { PurserError } from '@/lib/errors'
import { err, ok, type Result } from '@/lib/result'
import { chargeSavedCard } from '@/lib/stripe/charge-saved-card'
import type { StripeFailure } from '@/lib/stripe/facts'

import type { PayWithCard } from '../contract'
import { openPayment } from './open-payment'
import { settlePayment } from './settle-payment'
import { paymentMetadata, paymentPage } from './start-purchase'
import { stripeRefusal } from './stripe-refusal'

/** A payment that was attempted, and where the person goes next: to its page, which says what became of it, or to the bank's first. */
export type PaymentAttempted = { readonly paymentId: string; readonly nextUrl: string }

/**
 * Charges a saved card with the person present. The attempt row is committed first, Stripe is asked with the payment's own key,
 * and credit comes only from what Stripe then says of the intent. The same form token charges once. `origin` is where this site is
 * reached.
 * Errors: `forbidden`, `not_found` (card), `invalid_input` (amount), `invalid_state`, `conflict`, `unavailable`. A decline is no
 * error here: the payment's page says so.
 */
export async function payWithCard(
  actor: Actor,
  account: Account,
  input: PayWithCard,
  origin: string,
  clock: Clock,
): Promise<Result<PaymentAttempted, PurserError>> {
  if (actor.kind !== 'user' || !can(actor, 'credits:buy', account)) return err({ code: 'forbidden' })
  const cardId = readId('crd', input.cardId)
  const card = cardId === null ? null : await findCard(account.id, cardId)
  if (card === null || account.stripeCustomerId === null) return err({ code: 'not_found', what: 'card' })

  const { amount: amountUsd, formToken } = input
  const order = { amountUsd, formToken, saveCard: false, cardId: card.id, userId: actor.userId }
  const opened = await openPayment(account, order, clock)
  if (!opened.ok) return opened
  const payment = opened.value
  const page = paymentPage(account, payment, origin)
  if (payment.status === 'started') return charge(account.stripeCustomerId, payment, card, page, clock)
  const isAwaited = payment.status === 'awaiting_payment' && payment.checkoutUrl !== null
  return ok({ paymentId: payment.id, nextUrl: isAwaited ? payment.checkoutUrl : page })
}

async function charge(
  customerId: string,
  payment: Payment,
  card: Card,
  returnUrl: string,
  clock: Clock,
): Promise<Result<PaymentAttempted, PurserError>> {
  const charged = await chargeSavedCard({
    customerId,
    paymentMethodId: card.stripePaymentMethodId,
    amountCents: payment.amountCents,
    description: 'Credits',
    metadata: paymentMetadata(payment),
    offSession: false,
    returnUrl,
    idempotencyKey: `charge:${payment.id}`,
  })
  if (!charged.ok) {
    const refused = await noteRefusal(payment, charged.error, clock.now())
    return refused === null ? ok({ paymentId: payment.id, nextUrl: returnUrl }) : err(refused)
  }
  const { payment: intent, nextActionUrl } = charged.value
  await attachIntent(payment, intent.id, clock.now())
  if (nextActionUrl !== null) {
    await awaitConfirmation(payment, nextActionUrl, clock.now())
    return ok({ paymentId: payment.id, nextUrl: nextActionUrl })
  }
  await settlePayment({ kind: 'stripe' }, intent.id, clock)
  return ok({ paymentId: payment.id, nextUrl: returnUrl })
}

/** A decline belongs to the payment and its page. When Stripe cannot be reached the same form may be sent again: one key, one charge. */
async function noteRefusal(payment: Payment, failure: StripeFailure, now: Date): Promise<PurserError | null> {
  if (failure.kind !== 'declined') return stripeRefusal(failure)
  if (failure.paymentIntentId !== null) await attachIntent(payment, failure.paymentIntentId, now)
  await movePayment(payment, 'failed', { code: failure.declineCode ?? failure.code, message: failure.message }, now)
  return null
}
