import { z } from 'zod'
import { OWN_ADDRESS, type Context } from '../context'
import { found, route, type Answer, type Route } from '../http/answer'
import { currency, integer, list, metadata, page, text } from '../http/params'
import { invalidRequest, noSuch } from '../http/refusal'
import type { CheckoutSessionShape } from '../shapes'
import { emit } from '../store/events'
import { newId } from '../store/ids'
import { findObject, insertObject, listObjects, saveObject, type Stored } from '../store/objects'
import { mergeMetadata, orNull } from './fields'
import { isCancelable } from './payment-intent-state'
import { cancelPaymentIntent } from './payment-intents'
import { createSetupIntent } from './setup-intents'

const SHORTEST_LIFE_SECONDS = 30 * 60
const LONGEST_LIFE_SECONDS = 24 * 60 * 60
/** Stripe allows for clocks that differ a little. */
const CLOCK_GRACE_SECONDS = 60

const webAddress = z.url({ protocol: /^https?$/ })

const creation = z.strictObject({
  mode: z.enum(['payment', 'setup']),
  success_url: webAddress,
  cancel_url: webAddress.optional(),
  customer: text.optional(),
  customer_email: text.optional(),
  client_reference_id: text.max(200).optional(),
  currency: currency.optional(),
  expires_at: integer(0, 1e12).optional(),
  metadata: metadata.optional(),
  allowed_payment_method_types: list(z.literal('card'), 1).optional(),
  automatic_tax: z.strictObject({ enabled: z.literal('false') }).optional(),
  allow_promotion_codes: z.literal('false').optional(),
  line_items: list(
    z.strictObject({
      quantity: integer(1, 999_999).default(1),
      price_data: z.strictObject({
        currency,
        unit_amount: integer(0, 99_999_999),
        tax_behavior: z.enum(['exclusive', 'inclusive', 'unspecified']).optional(),
        product_data: z.strictObject({
          name: text.min(1),
          description: text.optional(),
          metadata: metadata.optional(),
        }),
      }),
    }),
    20,
  ).optional(),
  payment_intent_data: z
    .strictObject({
      description: text.optional(),
      metadata: metadata.optional(),
      receipt_email: text.optional(),
      setup_future_usage: z.enum(['off_session', 'on_session']).optional(),
    })
    .optional(),
  setup_intent_data: z.strictObject({ description: text.optional(), metadata: metadata.optional() }).optional(),
  submit_type: z.enum(['auto', 'pay']).optional(),
  ui_mode: z.literal('hosted_page').optional(),
})

/** Checkout sessions: create, retrieve, list, expire. */
export const checkoutSessionRoutes: readonly Route[] = [
  route('POST', '/v1/checkout/sessions', creation, create),
  route(
    'GET',
    '/v1/checkout/sessions',
    z.strictObject({ ...page, customer: text.optional(), payment_intent: text.optional() }),
    async ({ tx }, input) => {
      const equals = { customer: input.customer, payment_intent: input.payment_intent }
      return found(await listObjects(tx, 'checkout.session', '/v1/checkout/sessions', { ...input, equals }))
    },
  ),
  route('GET', '/v1/checkout/sessions/:id', z.strictObject({}), async (context, _input, id) =>
    found((await lockCheckoutSession(context, id)).data),
  ),
  route('POST', '/v1/checkout/sessions/:id/expire', z.strictObject({}), async (context, _input, id) => {
    const session = await lockCheckoutSession(context, id)
    if (session.data.status !== 'open') {
      const message = `Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session has a status of \`${session.data.status}\`.`
      throw invalidRequest(message)
    }
    await expire(context, session)
    return found(session.data)
  }),
]

/** Reads a session for a change. A session whose time is over expires here. */
export async function lockCheckoutSession(context: Context, id: string): Promise<Stored<'checkout.session'>> {
  const session = await findObject(context.tx, 'checkout.session', id, 'lock')
  if (session === null) throw noSuch('checkout.session', id, 'session')
  if (session.data.status === 'open' && session.data.expires_at <= context.now) await expire(context, session)
  return session
}

/** Expires the sessions whose time is over. Called now and then, so that `checkout.session.expired` is sent unasked. */
export async function expireOverdueSessions(context: Context): Promise<number> {
  const { rows } = await context.tx.query<Stored<'checkout.session'>>(
    `SELECT data, hidden FROM stripe_sandbox.object
     WHERE kind = 'checkout.session' AND data->>'status' = 'open' AND (data->>'expires_at')::bigint <= $1
     ORDER BY id LIMIT 100 FOR UPDATE SKIP LOCKED`,
    [context.now],
  )
  for (const session of rows) await expire(context, session)
  return rows.length
}

async function create(context: Context, input: z.output<typeof creation>): Promise<Answer> {
  const customer = await readCustomer(context, input)
  const items = (input.line_items ?? []).map((item) => ({
    name: item.price_data.product_data.name,
    description: orNull(item.price_data.product_data.description),
    unitAmount: item.price_data.unit_amount,
    quantity: item.quantity,
  }))
  refuseMode(input, items.length)
  const total = items.reduce((sum, item) => sum + item.unitAmount * item.quantity, 0)
  if (input.mode === 'payment' && total < 50) {
    throw invalidRequest(
      'The Checkout Session’s total amount must convert to at least 50 cents.',
      'amount_too_small',
      'line_items',
    )
  }
  const expiresAt = input.expires_at ?? context.now + LONGEST_LIFE_SECONDS
  refuseExpiry(expiresAt - context.now)
  const setup = input.mode === 'setup' ? await setupIntent(context, input) : null
  const id = newId('checkout.session')
  const data: CheckoutSessionShape = {
    id,
    object: 'checkout.session',
    ...amounts(input.mode, total),
    automatic_tax: { enabled: false, liability: null, provider: null, status: null },
    cancel_url: input.cancel_url ?? null,
    client_reference_id: orNull(input.client_reference_id),
    created: context.now,
    customer: customer?.id ?? null,
    customer_creation: customer === null && input.mode === 'payment' ? 'if_required' : null,
    customer_details: null,
    customer_email: orNull(input.customer_email),
    expires_at: expiresAt,
    livemode: false,
    metadata: mergeMetadata({}, input.metadata),
    mode: input.mode,
    payment_intent: null,
    allowed_payment_method_types: ['card'],
    payment_method_types: ['card'],
    setup_intent: setup?.data.id ?? null,
    status: 'open',
    success_url: input.success_url,
    ui_mode: 'hosted_page',
    url: `${OWN_ADDRESS}/c/pay/${id}`,
  }
  const intentData = input.payment_intent_data
  const hidden = {
    items,
    intent: {
      metadata: intentData?.metadata ?? {},
      description: orNull(intentData?.description),
      setupFutureUsage: intentData?.setup_future_usage ?? null,
      receiptEmail: orNull(intentData?.receipt_email),
    },
    lastError: null,
  }
  await insertObject(context.tx, 'checkout.session', data, hidden)
  return found(data)
}

function amounts(mode: 'payment' | 'setup', total: number) {
  if (mode === 'setup') {
    const nothing = { amount_subtotal: null, amount_total: null, currency: null, total_details: null }
    return { ...nothing, payment_status: 'no_payment_required' as const }
  }
  const details = { amount_discount: 0, amount_shipping: 0, amount_tax: 0 }
  const sums = { amount_subtotal: total, amount_total: total, currency: 'usd', total_details: details }
  return { ...sums, payment_status: 'unpaid' as const }
}

async function readCustomer(context: Context, input: z.output<typeof creation>) {
  if (input.customer === undefined) return null
  if (input.customer_email !== undefined) {
    throw invalidRequest('You may only specify one of these parameters: customer, customer_email.')
  }
  const customer = await findObject(context.tx, 'customer', input.customer)
  if (customer === null) throw noSuch('customer', input.customer, 'customer', 400)
  return customer.data
}

async function setupIntent(context: Context, input: z.output<typeof creation>) {
  return createSetupIntent(context, {
    customer: orNull(input.customer),
    description: orNull(input.setup_intent_data?.description),
    metadata: input.setup_intent_data?.metadata ?? {},
    usage: 'off_session',
  })
}

function refuseMode(input: z.output<typeof creation>, items: number): void {
  if (input.mode === 'payment' && items === 0) {
    throw invalidRequest('Missing required param: line_items.', 'parameter_missing', 'line_items')
  }
  if (input.mode === 'payment' && input.setup_intent_data !== undefined) {
    throw invalidRequest('You can not pass `setup_intent_data` in `payment` mode.', undefined, 'setup_intent_data')
  }
  if (input.mode === 'setup' && (items > 0 || input.payment_intent_data !== undefined)) {
    throw invalidRequest('You can not pass `line_items` or `payment_intent_data` in `setup` mode.')
  }
}

function refuseExpiry(lifeSeconds: number): void {
  if (lifeSeconds < SHORTEST_LIFE_SECONDS - CLOCK_GRACE_SECONDS) {
    const message = 'The `expires_at` timestamp must be at least 30 minutes from Checkout Session creation.'
    throw invalidRequest(message, undefined, 'expires_at')
  }
  if (lifeSeconds > LONGEST_LIFE_SECONDS + CLOCK_GRACE_SECONDS) {
    const message = 'The `expires_at` timestamp must be less than 24 hours from Checkout Session creation.'
    throw invalidRequest(message, undefined, 'expires_at')
  }
}

async function expire(context: Context, session: Stored<'checkout.session'>): Promise<void> {
  Object.assign(session.data, { status: 'expired', url: null })
  await saveObject(context.tx, session)
  const intent = session.data.payment_intent
  const open = intent === null ? null : await findObject(context.tx, 'payment_intent', intent, 'lock')
  if (open !== null && isCancelable(open.data.status)) await cancelPaymentIntent(context, open, null)
  await emit(context, 'checkout.session.expired', session.data)
}
