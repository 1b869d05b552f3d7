import { z } from 'zod'
import type { Context } from '../context'
import { declined, found, route, type Answer, type Route } from '../http/answer'
import { currency, flag, integer, list, metadata, page, text } from '../http/params'
import { invalidRequest, noSuch } from '../http/refusal'
import type { PaymentIntentShape } from '../shapes'
import { emit } from '../store/events'
import { newClientSecret, newId } from '../store/ids'
import { findObject, insertObject, listObjects, saveObject, type Stored } from '../store/objects'
import { confirmPayment, unexpectedState } from './confirm-payment'
import { mergeMetadata, orNull } from './fields'
import { initialStatus, isCancelable } from './payment-intent-state'
import { resolvePaymentMethod } from './payment-methods'

const SMALLEST_CHARGE_CENTS = 50
const LARGEST_CHARGE_CENTS = 99_999_999

const confirmation = {
  payment_method: text.optional(),
  off_session: flag.optional(),
  error_on_requires_action: flag.optional(),
  return_url: z.url({ protocol: /^https?$/ }).optional(),
  setup_future_usage: z.enum(['off_session', 'on_session', '']).optional(),
}

const creation = z.strictObject({
  ...confirmation,
  amount: integer(-1e12, 1e12),
  currency,
  customer: text.optional(),
  description: text.optional(),
  metadata: metadata.optional(),
  receipt_email: text.optional(),
  confirm: flag.default(false),
  capture_method: z.enum(['automatic', 'automatic_async']).default('automatic_async'),
  allowed_payment_method_types: list(z.literal('card'), 1).optional(),
  automatic_payment_methods: z
    .strictObject({ enabled: flag, allow_redirects: z.enum(['always', 'never']).optional() })
    .optional(),
})

/** Payment intents: create, retrieve, list, confirm, cancel. */
export const paymentIntentRoutes: readonly Route[] = [
  route('POST', '/v1/payment_intents', creation, async (context, input) => {
    const intent = await createPaymentIntent(context, {
      ...input,
      setupFutureUsage: input.setup_future_usage === '' ? null : (input.setup_future_usage ?? null),
      receiptEmail: orNull(input.receipt_email),
      customer: orNull(input.customer),
      description: orNull(input.description),
      metadata: input.metadata ?? {},
      hasPaymentMethod: input.payment_method !== undefined,
    })
    if (input.confirm) return confirm(context, intent, input)
    if (input.off_session !== undefined) {
      throw invalidRequest('You can only pass off_session when confirm is true.', undefined, 'off_session')
    }
    if (input.payment_method !== undefined) {
      intent.data.payment_method = (await resolvePaymentMethod(context, input.payment_method)).data.id
      await saveObject(context.tx, intent)
    }
    return found(intent.data)
  }),
  route('GET', '/v1/payment_intents', z.strictObject({ ...page, customer: text.optional() }), async ({ tx }, input) =>
    found(
      await listObjects(tx, 'payment_intent', '/v1/payment_intents', {
        ...input,
        equals: { customer: input.customer },
      }),
    ),
  ),
  route(
    'GET',
    '/v1/payment_intents/:id',
    z.strictObject({ client_secret: text.optional() }),
    async ({ tx }, input, id) => {
      const intent = await findObject(tx, 'payment_intent', id)
      const isForeign = input.client_secret !== undefined && input.client_secret !== intent?.data.client_secret
      if (intent === null || isForeign) throw noSuch('payment_intent', id, 'intent')
      return found(intent.data)
    },
  ),
  route('POST', '/v1/payment_intents/:id/confirm', z.strictObject(confirmation), async (context, input, id) => {
    const intent = await lockPaymentIntent(context, id)
    if (input.setup_future_usage !== undefined) {
      intent.data.setup_future_usage = input.setup_future_usage === '' ? null : input.setup_future_usage
    }
    return confirm(context, intent, input)
  }),
  route(
    'POST',
    '/v1/payment_intents/:id/cancel',
    z.strictObject({
      cancellation_reason: z.enum(['abandoned', 'duplicate', 'fraudulent', 'requested_by_customer']).optional(),
    }),
    async (context, input, id) => {
      const intent = await lockPaymentIntent(context, id)
      if (!isCancelable(intent.data.status)) throw unexpectedState(intent, 'cancel')
      await cancelPaymentIntent(context, intent, input.cancellation_reason ?? null)
      return found(intent.data)
    },
  ),
]

/** What a new payment intent is made of. */
export type NewPaymentIntent = {
  amount: number
  customer: string | null
  description: string | null
  metadata: Record<string, string>
  receiptEmail: string | null
  setupFutureUsage: 'off_session' | 'on_session' | null
  hasPaymentMethod: boolean
  capture_method?: 'automatic' | 'automatic_async'
}

/** Makes a payment intent that waits for a card or for confirmation. */
export async function createPaymentIntent(
  context: Context,
  input: NewPaymentIntent,
): Promise<Stored<'payment_intent'>> {
  refuseAmount(input.amount)
  if (input.customer !== null && (await findObject(context.tx, 'customer', input.customer)) === null) {
    throw noSuch('customer', input.customer, 'customer', 400)
  }
  const id = newId('payment_intent')
  const data: PaymentIntentShape = {
    id,
    object: 'payment_intent',
    amount: input.amount,
    amount_capturable: 0,
    amount_received: 0,
    application: null,
    application_fee_amount: null,
    automatic_payment_methods: null,
    canceled_at: null,
    cancellation_reason: null,
    capture_method: input.capture_method ?? 'automatic_async',
    client_secret: newClientSecret(id),
    confirmation_method: 'automatic',
    created: context.now,
    currency: 'usd',
    customer: input.customer,
    description: input.description,
    last_payment_error: null,
    latest_charge: null,
    livemode: false,
    metadata: mergeMetadata({}, input.metadata),
    next_action: null,
    on_behalf_of: null,
    payment_method: null,
    payment_method_options: {
      card: { installments: null, mandate_options: null, network: null, request_three_d_secure: 'automatic' },
    },
    allowed_payment_method_types: ['card'],
    payment_method_types: ['card'],
    processing: null,
    receipt_email: input.receiptEmail,
    review: null,
    setup_future_usage: input.setupFutureUsage,
    shipping: null,
    source: null,
    statement_descriptor: null,
    statement_descriptor_suffix: null,
    status: initialStatus(input.hasPaymentMethod),
    transfer_data: null,
    transfer_group: null,
  }
  const intent: Stored<'payment_intent'> = { data, hidden: { challenge: null } }
  await insertObject(context.tx, 'payment_intent', data, intent.hidden)
  await emit(context, 'payment_intent.created', data)
  return intent
}

/** Reads a payment intent for a change. */
export async function lockPaymentIntent(context: Context, id: string): Promise<Stored<'payment_intent'>> {
  const intent = await findObject(context.tx, 'payment_intent', id, 'lock')
  if (intent === null) throw noSuch('payment_intent', id, 'intent')
  return intent
}

/** Ends an intent that nobody paid. The caller holds its lock and knows that it is cancelable. */
export async function cancelPaymentIntent(
  context: Context,
  intent: Stored<'payment_intent'>,
  reason: string | null,
): Promise<void> {
  const cancellation = { canceled_at: context.now, cancellation_reason: reason }
  Object.assign(intent.data, { status: 'canceled', next_action: null, ...cancellation })
  await saveObject(context.tx, intent)
  await emit(context, 'payment_intent.canceled', intent.data)
}

async function confirm(
  context: Context,
  intent: Stored<'payment_intent'>,
  input: z.output<z.ZodObject<typeof confirmation>>,
): Promise<Answer> {
  const methodId = orNull(input.payment_method) ?? intent.data.payment_method
  if (methodId === null) {
    const message =
      'You cannot confirm this PaymentIntent because it is missing a payment method. Update the PaymentIntent with a payment method and then confirm it again.'
    throw invalidRequest(message, 'payment_intent_unexpected_state')
  }
  const method = await resolvePaymentMethod(context, methodId)
  const outcome = await confirmPayment(context, intent, method, {
    isOffSession: input.off_session === true || input.error_on_requires_action === true,
    returnUrl: orNull(input.return_url),
    checkoutSession: null,
  })
  return outcome.kind === 'declined' ? declined(outcome.error) : found(intent.data)
}

function refuseAmount(amount: number): void {
  if (amount < 1) {
    throw invalidRequest('This value must be greater than or equal to 1.', 'parameter_invalid_integer', 'amount')
  }
  if (amount < SMALLEST_CHARGE_CENTS)
    throw invalidRequest('Amount must be at least $0.50 usd', 'amount_too_small', 'amount')
  if (amount > LARGEST_CHARGE_CENTS) {
    throw invalidRequest('Amount must be no more than $999,999.99', 'amount_too_large', 'amount')
  }
}
