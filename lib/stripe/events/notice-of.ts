import 'server-only'

import type { Notice } from './notice'

const IGNORED: Notice = { kind: 'ignored' }

/** Turns the type and the object of a Stripe event into a notice. Pure; an unknown type or a strange object is ignored. */
export function noticeOf(type: string, object: Readonly<Record<string, unknown>>): Notice {
  const id = textOf(object['id'])
  if (id === null) return IGNORED
  if (type.startsWith('payment_intent.')) return { kind: 'payment_changed', paymentIntentId: id }
  if (type.startsWith('checkout.session.')) return { kind: 'checkout_changed', sessionId: id }
  if (type === 'setup_intent.succeeded') return { kind: 'card_saved', setupIntentId: id }
  if (type.startsWith('charge.dispute.')) return disputeNotice(id, object)
  if (type.startsWith('charge.refund.') || type.startsWith('refund.')) return refundNotice(object)
  if (type.startsWith('charge.')) return chargeNotice(id, object)
  return IGNORED
}

function disputeNotice(disputeId: string, dispute: Readonly<Record<string, unknown>>): Notice {
  const chargeId = idOf(dispute['charge'])
  if (chargeId === null) return IGNORED
  return { kind: 'dispute_changed', disputeId, chargeId, paymentIntentId: idOf(dispute['payment_intent']) }
}

function refundNotice(refund: Readonly<Record<string, unknown>>): Notice {
  const chargeId = idOf(refund['charge'])
  return chargeId === null ? IGNORED : chargeNotice(chargeId, refund)
}

/** A charge without a payment intent was not made by Purser. */
function chargeNotice(chargeId: string, object: Readonly<Record<string, unknown>>): Notice {
  const paymentIntentId = idOf(object['payment_intent'])
  return paymentIntentId === null ? IGNORED : { kind: 'charge_changed', paymentIntentId, chargeId }
}

/** The id of a field that Stripe sends as an id or as the object. */
function idOf(field: unknown): string | null {
  if (typeof field === 'object' && field !== null && 'id' in field) return textOf(field.id)
  return textOf(field)
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null
}
