import 'server-only'

import type Stripe from 'stripe'
import { cents, type Cents } from '@/lib/money/cents'
import type { CardFacts, CheckoutFacts, PaymentFacts, PaymentFailure, SetupFacts } from './facts'

/** Every status but `processing`, which also stands for what Stripe invents later: it is not money yet. */
const SETTLED_OR_WAITING = [
  'requires_payment_method',
  'requires_confirmation',
  'requires_action',
  'requires_capture',
  'succeeded',
  'canceled',
] as const

/** Turns a payment intent, with its latest charge expanded, into our words. */
export function paymentFacts(intent: Stripe.PaymentIntent): PaymentFacts {
  const charge = typeof intent.latest_charge === 'object' ? intent.latest_charge : null
  return {
    id: intent.id,
    status: oneOf(intent.status, SETTLED_OR_WAITING, 'processing'),
    amountCents: centsOf(intent.amount),
    amountReceivedCents: centsOf(intent.amount_received),
    amountRefundedCents: centsOf(charge?.amount_refunded ?? 0),
    currency: intent.currency,
    metadata: { ...intent.metadata },
    customerId: idOf(intent.customer),
    card: charge === null ? null : chargedCard(charge),
    receiptUrl: charge?.receipt_url ?? null,
    chargeId: idOf(intent.latest_charge),
    failure: failureFacts(intent.last_payment_error),
    createdAt: new Date(intent.created * 1000),
  }
}

/** Turns a Checkout session into our words. */
export function checkoutFacts(session: Stripe.Checkout.Session): CheckoutFacts {
  const { amount_subtotal: subtotal, amount_total: total, total_details: details } = session
  return {
    id: session.id,
    mode: session.mode === 'setup' ? 'setup' : 'payment',
    status: oneOf(session.status, ['complete', 'expired'], 'open'),
    paymentStatus: oneOf(session.payment_status, ['paid', 'no_payment_required'], 'unpaid'),
    paymentIntentId: idOf(session.payment_intent),
    setupIntentId: idOf(session.setup_intent),
    subtotalCents: subtotal === null ? null : centsOf(subtotal),
    totalCents: total === null ? null : centsOf(total),
    taxCents: details === null ? null : centsOf(details.amount_tax),
    metadata: { ...session.metadata },
    url: session.url,
  }
}

/** Turns a card payment method into our words; null for anything that is not a card. */
export function cardFacts(method: Stripe.PaymentMethod): CardFacts | null {
  const { card } = method
  if (card === undefined) return null
  return {
    paymentMethodId: method.id,
    brand: card.brand,
    last4: card.last4,
    expMonth: card.exp_month,
    expYear: card.exp_year,
    fingerprint: card.fingerprint ?? null,
  }
}

/** Turns a setup intent into our words. */
export function setupFacts(intent: Stripe.SetupIntent): SetupFacts {
  return {
    id: intent.id,
    status: oneOf(intent.status, ['succeeded', 'canceled'], 'pending'),
    customerId: idOf(intent.customer),
    paymentMethodId: idOf(intent.payment_method),
    metadata: { ...intent.metadata },
    failure: failureFacts(intent.last_setup_error),
  }
}

/** The id of a field that Stripe answers as an id or as the object. */
export function idOf(field: string | { id: string } | null | undefined): string | null {
  if (field === null || field === undefined) return null
  return typeof field === 'string' ? field : field.id
}

/** Stripe's amounts are whole cents in JSON numbers; BigInt throws for anything else. */
function centsOf(amount: number): Cents {
  return cents(BigInt(amount))
}

/** Cents as the whole number that Stripe's JSON wants. Throws above what Stripe charges at once. */
export function wholeCents(amount: Cents): number {
  if (amount > 99_999_999n) throw new RangeError(`Stripe charges at most 99999999 cents at once: ${amount}`)
  return Number(amount)
}

function chargedCard(charge: Stripe.Charge): CardFacts | null {
  const card = charge.payment_method_details?.card
  if (card === undefined || charge.payment_method === null) return null
  return {
    paymentMethodId: charge.payment_method,
    brand: card.brand ?? 'unknown',
    last4: card.last4 ?? '',
    expMonth: card.exp_month,
    expYear: card.exp_year,
    fingerprint: card.fingerprint ?? null,
  }
}

function failureFacts(error: { code?: string; decline_code?: string; message?: string } | null): PaymentFailure | null {
  if (error === null) return null
  return { code: error.code ?? null, declineCode: error.decline_code ?? null, message: error.message ?? '' }
}

/** A word that Stripe invents later reads as `otherwise`. */
function oneOf<const Word extends string, const Otherwise extends string>(
  given: string | null,
  known: readonly Word[],
  otherwise: Otherwise,
): Word | Otherwise {
  return known.find((word) => word === given) ?? otherwise
}
