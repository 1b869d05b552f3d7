import { testCard, type Decline } from '../cards/test-cards'
import { OWN_ADDRESS, type Context } from '../context'
import { invalidRequest } from '../http/refusal'
import type { Challenge } from '../hidden-shapes'
import type { ErrorShape } from '../shapes'
import { emit } from '../store/events'
import { saveObject, type Stored } from '../store/objects'
import { cardError } from './card-error'
import { createCharge } from './charges'
import { openDispute } from './disputes'
import { AUTHENTICATION_FAILED, decideConfirmation } from './payment-intent-state'
import { attachToCustomer } from './payment-methods'

/** How confirming ended. The intent is saved in each case; `error` is what a declined caller is told. */
export type ConfirmOutcome =
  | { readonly kind: 'succeeded' }
  | { readonly kind: 'challenge'; readonly url: string }
  | { readonly kind: 'declined'; readonly error: ErrorShape }

/** Asks the bank for an intent's money. The intent and the payment method are locked by the caller. */
export async function confirmPayment(
  context: Context,
  intent: Stored<'payment_intent'>,
  method: Stored<'payment_method'>,
  options: { isOffSession: boolean; returnUrl: string | null; checkoutSession: string | null },
): Promise<ConfirmOutcome> {
  requireUsable(intent, method)
  const decision = decideConfirmation({
    status: intent.data.status,
    behaviour: testCard(method.hidden.card).behaviour,
    isOffSession: options.isOffSession,
    isSetUp: method.hidden.isSetUp,
  })
  switch (decision.kind) {
    case 'refuse':
      throw unexpectedState(intent, 'confirm')
    case 'challenge':
      return challenge(context, intent, {
        paymentMethod: method.data.id,
        returnUrl: options.returnUrl,
        checkoutSession: options.checkoutSession,
      })
    case 'decline':
      return decline(context, intent, method, decision.decline)
    case 'succeed':
      return succeed(context, intent, method, decision.isDisputed)
  }
}

/** The customer answered the bank's question, with a yes or a no. */
export async function answerPaymentChallenge(
  context: Context,
  intent: Stored<'payment_intent'>,
  method: Stored<'payment_method'>,
  isAuthenticated: boolean,
): Promise<ConfirmOutcome> {
  if (intent.data.status !== 'requires_action') throw unexpectedState(intent, 'authenticate')
  if (isAuthenticated) return succeed(context, intent, method, false)
  return decline(context, intent, method, AUTHENTICATION_FAILED)
}

/** 400 for an intent whose state does not allow what was asked. */
export function unexpectedState(intent: Stored<'payment_intent'>, verb: string) {
  const message = `You cannot ${verb} this PaymentIntent because it has a status of ${intent.data.status}.`
  return invalidRequest(message, 'payment_intent_unexpected_state')
}

function requireUsable(intent: Stored<'payment_intent'>, method: Stored<'payment_method'>): void {
  const owner = method.data.customer
  if (method.hidden.wasDetached === true) {
    throw invalidRequest(
      'The provided PaymentMethod was detached from a Customer. It may not be used again. Attach a new one to a Customer first.',
    )
  }
  if (owner !== null && owner !== intent.data.customer) {
    const message =
      intent.data.customer === null
        ? `The PaymentMethod ${method.data.id} belongs to the Customer ${owner}. Please include the Customer in the \`customer\` parameter on the PaymentIntent.`
        : `The customer does not have a payment method with the ID ${method.data.id}. The payment method must be attached to the customer.`
    throw invalidRequest(message, 'resource_missing', 'payment_method')
  }
}

async function challenge(
  context: Context,
  intent: Stored<'payment_intent'>,
  question: Challenge,
): Promise<ConfirmOutcome> {
  const url = `${OWN_ADDRESS}/3ds/${intent.data.id}`
  Object.assign(intent.data, {
    status: 'requires_action',
    payment_method: question.paymentMethod,
    last_payment_error: null,
    next_action: { type: 'redirect_to_url', redirect_to_url: { url, return_url: question.returnUrl } },
  })
  intent.hidden.challenge = question
  await saveObject(context.tx, intent)
  await emit(context, 'payment_intent.requires_action', intent.data)
  return { kind: 'challenge', url }
}

async function decline(
  context: Context,
  intent: Stored<'payment_intent'>,
  method: Stored<'payment_method'>,
  reason: Decline,
): Promise<ConfirmOutcome> {
  // A customer who fails 3-D Secure never reached the bank's ledger: that attempt has no charge.
  const charge = reason === AUTHENTICATION_FAILED ? null : await createCharge(context, intent.data, method.data, reason)
  const error = cardError(reason, {
    ...(charge === null ? {} : { charge: charge.id }),
    payment_method: method.data,
  })
  Object.assign(intent.data, {
    status: 'requires_payment_method',
    payment_method: null,
    next_action: null,
    last_payment_error: error,
    latest_charge: charge?.id ?? intent.data.latest_charge,
  })
  await saveObject(context.tx, intent)
  await emit(context, 'payment_intent.payment_failed', intent.data)
  return { kind: 'declined', error: { ...error, payment_intent: intent.data } }
}

async function succeed(
  context: Context,
  intent: Stored<'payment_intent'>,
  method: Stored<'payment_method'>,
  isDisputed: boolean,
): Promise<ConfirmOutcome> {
  const { customer, setup_future_usage: futureUsage } = intent.data
  if (futureUsage !== null && customer !== null) {
    await attachToCustomer(context, method, customer, futureUsage === 'off_session')
  }
  const charge = await createCharge(context, intent.data, method.data, null)
  Object.assign(intent.data, {
    status: 'succeeded',
    payment_method: method.data.id,
    amount_received: intent.data.amount,
    next_action: null,
    last_payment_error: null,
    latest_charge: charge.id,
  })
  await saveObject(context.tx, intent)
  await emit(context, 'payment_intent.succeeded', intent.data)
  if (isDisputed) await openDispute(context, { data: charge, hidden: {} }, 'fraudulent')
  return { kind: 'succeeded' }
}
