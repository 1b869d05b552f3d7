import type { EnteredCard } from '../cards/card-form'
import type { Context } from '../context'
import { invalidRequest, noSuch } from '../http/refusal'
import type { ErrorShape, IntentStatus } from '../shapes'
import { emit } from '../store/events'
import { findObject, saveObject, type Stored } from '../store/objects'
import { lockCheckoutSession } from './checkout-sessions'
import { answerPaymentChallenge, confirmPayment, type ConfirmOutcome } from './confirm-payment'
import { billingDetails } from './fields'
import { createPaymentIntent, lockPaymentIntent } from './payment-intents'
import { createPaymentMethod } from './payment-methods'
import { answerSetupChallenge, confirmSetup } from './setup-intents'

/** Where the customer's browser goes after a step, or why it stays. */
export type CheckoutStep =
  | { readonly kind: 'complete'; readonly url: string }
  | { readonly kind: 'challenge'; readonly url: string }
  | { readonly kind: 'declined'; readonly message: string; readonly session: string | null }
  | { readonly kind: 'expired' }

/** The customer pressed Pay or Save card. Locks the session, so that two clicks make one charge. */
export async function submitCheckout(context: Context, sessionId: string, entered: EnteredCard): Promise<CheckoutStep> {
  const session = await lockCheckoutSession(context, sessionId)
  if (session.data.status === 'complete') return { kind: 'complete', url: successUrl(session) }
  if (session.data.status === 'expired') return { kind: 'expired' }
  const details = billingDetails(entered.name, entered.email)
  const method = await createPaymentMethod(context, entered.card, { details, expiry: entered })
  session.data.customer_details = {
    address: null,
    email: entered.email,
    name: entered.name,
    phone: null,
    tax_exempt: 'none',
    tax_ids: [],
  }
  const outcome = await ask(context, session, method)
  return proceed(context, session, outcome)
}

/** The customer answered the bank on the 3-D Secure page, for a Checkout session or for an intent of the API. */
export async function answerChallenge(
  context: Context,
  intentId: string,
  isAuthenticated: boolean,
): Promise<CheckoutStep> {
  const kind = intentId.startsWith('seti_') ? 'setup_intent' : 'payment_intent'
  const asked = await findObject(context.tx, kind, intentId)
  const challenge = asked?.hidden.challenge ?? null
  if (challenge === null) throw noSuch('3-D Secure question', intentId, 'id')
  // Session before intent, as everywhere: the same order of locks cannot deadlock.
  const { checkoutSession, paymentMethod } = challenge
  const session = checkoutSession === null ? null : await lockCheckoutSession(context, checkoutSession)
  const answered = { intentId, paymentMethod, isAuthenticated }
  const outcome =
    kind === 'payment_intent' ? await answerPayment(context, answered) : await answerSetup(context, answered)
  if (session !== null) return outcome.isRepeat ? whereItStands(session) : proceed(context, session, outcome)
  const isDone = outcome.kind === 'succeeded'
  if (challenge.returnUrl !== null)
    return { kind: 'complete', url: returnUrl(challenge.returnUrl, kind, intentId, isDone) }
  return isDone
    ? { kind: 'complete', url: `/3ds/${intentId}` }
    : { kind: 'declined', message: 'The bank could not confirm that it is you.', session: null }
}

/** Where a finished session sends the customer: the success URL with the session's id filled in. */
export function successUrl(session: Stored<'checkout.session'>): string {
  return session.data.success_url.replaceAll('{CHECKOUT_SESSION_ID}', session.data.id)
}

async function ask(
  context: Context,
  session: Stored<'checkout.session'>,
  method: Stored<'payment_method'>,
): Promise<ConfirmOutcome> {
  const { data, hidden } = session
  const options = { returnUrl: null, checkoutSession: data.id }
  if (data.mode === 'setup') {
    return confirmSetup(context, await lockSetupIntent(context, data.setup_intent ?? ''), method, options)
  }
  const intent =
    data.payment_intent === null
      ? await createPaymentIntent(context, {
          amount: data.amount_total ?? 0,
          customer: data.customer,
          description: hidden.intent.description,
          metadata: hidden.intent.metadata,
          receiptEmail: hidden.intent.receiptEmail,
          setupFutureUsage: hidden.intent.setupFutureUsage,
          hasPaymentMethod: true,
        })
      : await lockPaymentIntent(context, data.payment_intent)
  data.payment_intent = intent.data.id
  return confirmPayment(context, intent, method, { ...options, isOffSession: false })
}

async function proceed(
  context: Context,
  session: Stored<'checkout.session'>,
  outcome: ConfirmOutcome,
): Promise<CheckoutStep> {
  const { data } = session
  session.hidden.lastError = outcome.kind === 'declined' ? outcome.error.message : null
  if (outcome.kind === 'succeeded') {
    const paymentStatus = data.mode === 'payment' ? 'paid' : 'no_payment_required'
    Object.assign(data, { status: 'complete', payment_status: paymentStatus, url: null })
  }
  await saveObject(context.tx, session)
  if (outcome.kind === 'declined') return { kind: 'declined', message: outcome.error.message, session: data.id }
  if (outcome.kind === 'challenge') return { kind: 'challenge', url: outcome.url }
  await emit(context, 'checkout.session.completed', data)
  return { kind: 'complete', url: successUrl(session) }
}

type Answered = { intentId: string; paymentMethod: string; isAuthenticated: boolean }
type AnswerOutcome = ConfirmOutcome & { isRepeat: boolean }

async function answerPayment(context: Context, answered: Answered): Promise<AnswerOutcome> {
  const intent = await lockPaymentIntent(context, answered.intentId)
  const { status, last_payment_error: error } = intent.data
  if (status !== 'requires_action') return repeated(status, error)
  const method = await lockPaymentMethod(context, answered.paymentMethod)
  const outcome = await answerPaymentChallenge(context, intent, method, answered.isAuthenticated)
  return { ...outcome, isRepeat: false }
}

async function answerSetup(context: Context, answered: Answered): Promise<AnswerOutcome> {
  const intent = await lockSetupIntent(context, answered.intentId)
  const { status, last_setup_error: error } = intent.data
  if (status !== 'requires_action') return repeated(status, error)
  const method = await lockPaymentMethod(context, answered.paymentMethod)
  const outcome = await answerSetupChallenge(context, intent, method, answered.isAuthenticated)
  return { ...outcome, isRepeat: false }
}

/** A second click on an answer changes nothing: it leads where the first one led. */
function repeated(status: IntentStatus, error: ErrorShape | null): AnswerOutcome {
  if (status === 'succeeded') return { kind: 'succeeded', isRepeat: true }
  const canceled: ErrorShape = { type: 'card_error', message: 'This payment was cancelled.' }
  return { kind: 'declined', error: error ?? canceled, isRepeat: true }
}

function whereItStands(session: Stored<'checkout.session'>): CheckoutStep {
  const { status, id } = session.data
  if (status === 'complete') return { kind: 'complete', url: successUrl(session) }
  if (status === 'expired') return { kind: 'expired' }
  return { kind: 'declined', message: session.hidden.lastError ?? '', session: id }
}

async function lockPaymentMethod(context: Context, id: string): Promise<Stored<'payment_method'>> {
  const method = await findObject(context.tx, 'payment_method', id, 'lock')
  if (method === null) throw noSuch('PaymentMethod', id, 'payment_method')
  return method
}

async function lockSetupIntent(context: Context, id: string): Promise<Stored<'setup_intent'>> {
  const intent = await findObject(context.tx, 'setup_intent', id, 'lock')
  if (intent === null) throw invalidRequest(`No such setupintent: '${id}'`, 'resource_missing')
  return intent
}

function returnUrl(base: string, kind: 'payment_intent' | 'setup_intent', id: string, isDone: boolean): string {
  const url = new URL(base)
  url.searchParams.set(kind, id)
  url.searchParams.set('redirect_status', isDone ? 'succeeded' : 'failed')
  return url.toString()
}
