import 'server-only'

import type { Actor } from '@/lib/auth/rules/actor'
import { accountClock, type Clock } from '@/lib/clock'
import { findCardEver } from '@/lib/db/cards'
import type { Account } from '@/lib/db/organizations'
import { attachIntent, findPayment, type Payment, type PaymentStatus } from '@/lib/db/payments'
import type { PurserError } from '@/lib/errors'
import { err, ok, type Result } from '@/lib/result'
import { chargeSavedCard } from '@/lib/stripe/charge-saved-card'
import type { StripeFailure } from '@/lib/stripe/facts'

import { endPayment } from '../payments/end-payment'
import { lookUpCharge } from './look-up-charge'
import { settlePayment } from '../payments/settle-payment'
import { paymentMetadata } from '../payments/start-purchase'
import { stripeRefusal } from '../payments/stripe-refusal'

/**
 * Charges the default card for an open attempt, without a person on the page: the one way for recharges, settled debt and invoices. Stripe
 * is asked with the attempt's own key, outside any transaction, as often as it takes to hear an answer: one key, one charge. Credit comes
 * only from what Stripe then says of the intent. Answers how the payment stands. Errors: `unavailable` (the attempt stays open and is
 * asked for again; that is no decline).
 */
export async function chargeAutomatically(
  actor: Actor,
  account: Account,
  payment: Payment,
  clock: Clock,
): Promise<Result<PaymentStatus, PurserError>> {
  const done = await askStripe(actor, account, payment, clock)
  if (!done.ok) return done
  return ok((await findPayment(account.id, payment.id))?.status ?? payment.status)
}

async function askStripe(
  actor: Actor,
  account: Account,
  payment: Payment,
  clock: Clock,
): Promise<Result<null, PurserError>> {
  const card = payment.cardId === null ? null : await findCardEver(account.id, payment.cardId)
  if (card === null || account.stripeCustomerId === null) throw new Error(`attempt ${payment.id} has no card to charge`)
  const charged = await chargeSavedCard({
    customerId: account.stripeCustomerId,
    paymentMethodId: card.stripePaymentMethodId,
    amountCents: payment.amountCents,
    description: DESCRIPTIONS[payment.kind],
    metadata: paymentMetadata(payment),
    offSession: true,
    idempotencyKey: `charge:${payment.id}`,
  })
  if (!charged.ok) return noteFailure(actor, account, payment, charged.error, clock)
  await attachIntent(payment, charged.value.payment.id, clock.now())
  return settle(actor, charged.value.payment.id, clock)
}

const DESCRIPTIONS = {
  purchase: 'Credits',
  recharge: 'Auto-recharge',
  settlement: 'Usage beyond your credits',
  invoice: 'Invoiced usage',
} as const satisfies Readonly<Record<Payment['kind'], string>>

async function noteFailure(
  actor: Actor,
  account: Account,
  payment: Payment,
  failure: StripeFailure,
  clock: Clock,
): Promise<Result<null, PurserError>> {
  switch (failure.kind) {
    case 'unavailable':
      return err(stripeRefusal(failure))
    case 'rejected': {
      const refused = { kind: 'refused', message: failure.message } as const
      return lookUpCharge(actor, account, payment, refused, clock)
    }
    case 'declined':
    case 'requires_action': {
      if (failure.paymentIntentId !== null) await attachIntent(payment, failure.paymentIntentId, clock.now())
      const { message } = failure
      const ended =
        failure.kind === 'declined'
          ? ({ kind: 'declined', code: failure.declineCode ?? failure.code, message } as const)
          : ({ kind: 'requires_action', message } as const)
      await endPayment(account, payment, ended, accountClock(account, clock).now())
      return ok(null)
    }
  }
}

async function settle(actor: Actor, intentId: string, clock: Clock): Promise<Result<null, PurserError>> {
  const settled = await settlePayment(actor, intentId, clock)
  return settled.ok ? ok(null) : settled
}
