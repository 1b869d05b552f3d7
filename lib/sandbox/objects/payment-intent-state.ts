import type { CardBehaviour, Decline } from '../cards/test-cards'
import type { IntentStatus } from '../shapes'

/** Everything that decides what confirming a payment intent leads to. */
export type ConfirmationFacts = {
  readonly status: IntentStatus
  readonly behaviour: CardBehaviour
  /** The customer is not there to answer the bank. */
  readonly isOffSession: boolean
  /** The card was saved for off-session use with the bank's consent. */
  readonly isSetUp: boolean
}

/** What happens next to the intent. */
export type Confirmation =
  | { readonly kind: 'succeed'; readonly isDisputed: boolean }
  | { readonly kind: 'challenge' }
  | { readonly kind: 'decline'; readonly decline: Decline }
  | { readonly kind: 'refuse' }

/** The bank wants the customer, and the customer is not there. */
export const AUTHENTICATION_REQUIRED: Decline = {
  code: 'authentication_required',
  declineCode: 'authentication_required',
  message: 'Your card was declined. This transaction requires authentication.',
}

/** The customer did not pass 3-D Secure. */
export const AUTHENTICATION_FAILED: Decline = {
  code: 'payment_intent_authentication_failure',
  declineCode: null,
  message: 'We are unable to authenticate your payment method. Please choose a different payment method and try again.',
}

/** The status of a new intent: with a payment method it waits for confirmation, without one it asks for it. */
export function initialStatus(hasPaymentMethod: boolean): IntentStatus {
  return hasPaymentMethod ? 'requires_confirmation' : 'requires_payment_method'
}

/** True while an intent may still be confirmed. A waiting 3-D Secure question is dropped by a new confirmation. */
export function isConfirmable(status: IntentStatus): boolean {
  return status === 'requires_payment_method' || status === 'requires_confirmation' || status === 'requires_action'
}

/** Decides what confirming does (docs.stripe.com/payments/paymentintents/lifecycle and the testing page's card table). */
export function decideConfirmation(facts: ConfirmationFacts): Confirmation {
  const { behaviour } = facts
  if (!isConfirmable(facts.status)) return { kind: 'refuse' }
  switch (behaviour.kind) {
    case 'accept':
      return { kind: 'succeed', isDisputed: false }
    case 'dispute':
      return { kind: 'succeed', isDisputed: true }
    case 'decline':
    case 'decline_when_charged':
      return { kind: 'decline', decline: behaviour.decline }
    case 'authenticate':
      if (!facts.isOffSession) return { kind: 'challenge' }
      if (behaviour.when === 'unless_set_up' && facts.isSetUp) return { kind: 'succeed', isDisputed: false }
      return { kind: 'decline', decline: AUTHENTICATION_REQUIRED }
  }
}

/** Decides what confirming a setup intent does: nothing is charged, so only the bank's consent matters. */
export function decideSetup(status: IntentStatus, behaviour: CardBehaviour): Confirmation {
  if (!isConfirmable(status)) return { kind: 'refuse' }
  if (behaviour.kind === 'decline') return { kind: 'decline', decline: behaviour.decline }
  if (behaviour.kind === 'authenticate') return { kind: 'challenge' }
  return { kind: 'succeed', isDisputed: false }
}

/** True while an intent may be cancelled. */
export function isCancelable(status: IntentStatus): boolean {
  return isConfirmable(status)
}
