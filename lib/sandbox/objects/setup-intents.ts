import { z } from 'zod'
import { testCard, type Decline } from '../cards/test-cards'
import { OWN_ADDRESS, type Context } from '../context'
import { declined, found, route, type Answer, type Route } from '../http/answer'
import { flag, list, metadata, page, text } from '../http/params'
import { invalidRequest, noSuch } from '../http/refusal'
import type { Challenge } from '../hidden-shapes'
import type { ErrorShape, SetupIntentShape } from '../shapes'
import { emit } from '../store/events'
import { newClientSecret, newId } from '../store/ids'
import { findObject, insertObject, listObjects, saveObject, type Stored } from '../store/objects'
import { cardError } from './card-error'
import { mergeMetadata, orNull } from './fields'
import { decideSetup, initialStatus } from './payment-intent-state'
import { attachToCustomer, resolvePaymentMethod } from './payment-methods'

const AUTHENTICATION_FAILED: Decline = {
  code: 'setup_intent_authentication_failure',
  declineCode: null,
  message: 'We are unable to authenticate your payment method. Please choose a different payment method and try again.',
}

const confirmation = {
  payment_method: text.optional(),
  return_url: z.url({ protocol: /^https?$/ }).optional(),
}

const creation = z.strictObject({
  ...confirmation,
  customer: text.optional(),
  description: text.optional(),
  metadata: metadata.optional(),
  usage: z.enum(['off_session', 'on_session']).default('off_session'),
  confirm: flag.default(false),
  allowed_payment_method_types: list(z.literal('card'), 1).optional(),
})

/** Setup intents: create, retrieve, list, confirm. */
export const setupIntentRoutes: readonly Route[] = [
  route('POST', '/v1/setup_intents', creation, async (context, input) => {
    const intent = await createSetupIntent(context, {
      customer: orNull(input.customer),
      description: orNull(input.description),
      metadata: input.metadata ?? {},
      usage: input.usage,
    })
    if (input.confirm) return confirm(context, intent, input)
    if (input.payment_method !== undefined) {
      intent.data.payment_method = (await resolvePaymentMethod(context, input.payment_method)).data.id
      intent.data.status = initialStatus(true)
      await saveObject(context.tx, intent)
    }
    return found(intent.data)
  }),
  route('GET', '/v1/setup_intents', z.strictObject({ ...page, customer: text.optional() }), async ({ tx }, input) =>
    found(
      await listObjects(tx, 'setup_intent', '/v1/setup_intents', { ...input, equals: { customer: input.customer } }),
    ),
  ),
  route('GET', '/v1/setup_intents/:id', z.strictObject({}), async ({ tx }, _input, id) => {
    const intent = await findObject(tx, 'setup_intent', id)
    if (intent === null) throw noSuch('setupintent', id, 'intent')
    return found(intent.data)
  }),
  route('POST', '/v1/setup_intents/:id/confirm', z.strictObject(confirmation), async (context, input, id) => {
    const intent = await findObject(context.tx, 'setup_intent', id, 'lock')
    if (intent === null) throw noSuch('setupintent', id, 'intent')
    return confirm(context, intent, input)
  }),
]

/** How setting a card up ended. The intent is saved in each case. */
export type SetupOutcome =
  | { readonly kind: 'succeeded' }
  | { readonly kind: 'challenge'; readonly url: string }
  | { readonly kind: 'declined'; readonly error: ErrorShape }

/** Makes a setup intent that waits for a card. */
export async function createSetupIntent(
  context: Context,
  input: {
    customer: string | null
    description: string | null
    metadata: Record<string, string>
    usage: 'off_session' | 'on_session'
  },
): Promise<Stored<'setup_intent'>> {
  if (input.customer !== null && (await findObject(context.tx, 'customer', input.customer)) === null) {
    throw noSuch('customer', input.customer, 'customer', 400)
  }
  const id = newId('setup_intent')
  const data: SetupIntentShape = {
    id,
    object: 'setup_intent',
    application: null,
    automatic_payment_methods: null,
    cancellation_reason: null,
    client_secret: newClientSecret(id),
    created: context.now,
    customer: input.customer,
    description: input.description,
    last_setup_error: null,
    latest_attempt: null,
    livemode: false,
    mandate: null,
    metadata: mergeMetadata({}, input.metadata),
    next_action: null,
    on_behalf_of: null,
    payment_method: null,
    payment_method_options: { card: { mandate_options: null, network: null, request_three_d_secure: 'automatic' } },
    allowed_payment_method_types: ['card'],
    payment_method_types: ['card'],
    single_use_mandate: null,
    status: initialStatus(false),
    usage: input.usage,
  }
  const intent: Stored<'setup_intent'> = { data, hidden: { challenge: null } }
  await insertObject(context.tx, 'setup_intent', data, intent.hidden)
  await emit(context, 'setup_intent.created', data)
  return intent
}

/** Asks the bank for its consent to later charges. Intent and payment method are locked by the caller. */
export async function confirmSetup(
  context: Context,
  intent: Stored<'setup_intent'>,
  method: Stored<'payment_method'>,
  options: { returnUrl: string | null; checkoutSession: string | null },
): Promise<SetupOutcome> {
  const decision = decideSetup(intent.data.status, testCard(method.hidden.card).behaviour)
  if (decision.kind === 'refuse') throw unexpectedState(intent)
  if (decision.kind === 'decline') return decline(context, intent, method, decision.decline)
  if (decision.kind === 'succeed') return succeed(context, intent, method)
  return challenge(context, intent, { paymentMethod: method.data.id, ...options })
}

/** The customer answered the bank's question, with a yes or a no. */
export async function answerSetupChallenge(
  context: Context,
  intent: Stored<'setup_intent'>,
  method: Stored<'payment_method'>,
  isAuthenticated: boolean,
): Promise<SetupOutcome> {
  if (intent.data.status !== 'requires_action') throw unexpectedState(intent)
  return isAuthenticated ? succeed(context, intent, method) : decline(context, intent, method, AUTHENTICATION_FAILED)
}

async function confirm(
  context: Context,
  intent: Stored<'setup_intent'>,
  input: z.output<z.ZodObject<typeof confirmation>>,
): Promise<Answer> {
  const methodId = orNull(input.payment_method) ?? intent.data.payment_method
  if (methodId === null) {
    const message = 'You cannot confirm this SetupIntent because it is missing a payment method.'
    throw invalidRequest(message, 'setup_intent_unexpected_state')
  }
  const method = await resolvePaymentMethod(context, methodId)
  const options = { returnUrl: orNull(input.return_url), checkoutSession: null }
  const outcome = await confirmSetup(context, intent, method, options)
  return outcome.kind === 'declined' ? declined(outcome.error) : found(intent.data)
}

async function challenge(context: Context, intent: Stored<'setup_intent'>, question: Challenge): Promise<SetupOutcome> {
  const url = `${OWN_ADDRESS}/3ds/${intent.data.id}`
  Object.assign(intent.data, {
    status: 'requires_action',
    payment_method: question.paymentMethod,
    last_setup_error: null,
    next_action: { type: 'redirect_to_url', redirect_to_url: { url, return_url: question.returnUrl } },
  })
  intent.hidden.challenge = question
  await saveObject(context.tx, intent)
  await emit(context, 'setup_intent.requires_action', intent.data)
  return { kind: 'challenge', url }
}

async function decline(
  context: Context,
  intent: Stored<'setup_intent'>,
  method: Stored<'payment_method'>,
  reason: Decline,
): Promise<SetupOutcome> {
  const error = cardError(reason, { payment_method: method.data })
  const cleared = { status: 'requires_payment_method', payment_method: null, next_action: null }
  Object.assign(intent.data, { ...cleared, last_setup_error: error })
  await saveObject(context.tx, intent)
  await emit(context, 'setup_intent.setup_failed', intent.data)
  return { kind: 'declined', error: { ...error, setup_intent: intent.data } }
}

async function succeed(
  context: Context,
  intent: Stored<'setup_intent'>,
  method: Stored<'payment_method'>,
): Promise<SetupOutcome> {
  const { customer, usage } = intent.data
  if (customer !== null) await attachToCustomer(context, method, customer, usage === 'off_session')
  const done = { status: 'succeeded', payment_method: method.data.id, next_action: null, last_setup_error: null }
  Object.assign(intent.data, done)
  await saveObject(context.tx, intent)
  await emit(context, 'setup_intent.succeeded', intent.data)
  return { kind: 'succeeded' }
}

function unexpectedState(intent: Stored<'setup_intent'>) {
  const message = `You cannot confirm this SetupIntent because it has a status of ${intent.data.status}.`
  return invalidRequest(message, 'setup_intent_unexpected_state')
}
