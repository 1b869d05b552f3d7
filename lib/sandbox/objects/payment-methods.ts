import { createHash } from 'node:crypto'
import { z } from 'zod'
import { cardByAlias, lastFour, testCard, type CardName } from '../cards/test-cards'
import type { Context } from '../context'
import { declined, found, route, type Answer, type Route } from '../http/answer'
import { metadata, page, text } from '../http/params'
import { invalidRequest, noSuch } from '../http/refusal'
import type { BillingDetails, PaymentMethodShape } from '../shapes'
import { emit } from '../store/events'
import { newId } from '../store/ids'
import { findObject, insertObject, listObjects, saveObject, type Stored } from '../store/objects'
import { cardError } from './card-error'
import { billingDetails, mergeMetadata, orNull } from './fields'

const creation = z.strictObject({
  type: z.literal('card'),
  card: z.strictObject({ token: text }),
  billing_details: z.strictObject({ email: text.optional(), name: text.optional() }).optional(),
  metadata: metadata.optional(),
})

/** Payment methods: create from a test token, retrieve, list, attach, detach. */
export const paymentMethodRoutes: readonly Route[] = [
  route('POST', '/v1/payment_methods', creation, async (context, input) => {
    const card = cardByAlias(input.card.token)
    if (card === null) throw noSuch('token', input.card.token, 'card[token]', 400)
    const details = billingDetails(orNull(input.billing_details?.name), orNull(input.billing_details?.email))
    const method = await createPaymentMethod(context, card, { details, metadata: input.metadata ?? {} })
    return found(method.data)
  }),
  route(
    'GET',
    '/v1/payment_methods',
    z.strictObject({ ...page, customer: text.optional(), type: z.literal('card').optional() }),
    async ({ tx }, input) => found(await listCards(tx, '/v1/payment_methods', input, input.customer)),
  ),
  route('GET', '/v1/payment_methods/:id', z.strictObject({}), async ({ tx }, _input, id) => {
    const method = await findObject(tx, 'payment_method', id)
    if (method === null) throw noSuch('PaymentMethod', id, 'payment_method')
    return found(method.data)
  }),
  route(
    'GET',
    '/v1/customers/:id/payment_methods',
    z.strictObject({ ...page, type: z.literal('card').optional() }),
    async ({ tx }, input, id) => {
      if ((await findObject(tx, 'customer', id)) === null) throw noSuch('customer', id, 'customer')
      return found(await listCards(tx, `/v1/customers/${id}/payment_methods`, input, id))
    },
  ),
  route('POST', '/v1/payment_methods/:id/attach', z.strictObject({ customer: text }), attach),
  route('POST', '/v1/payment_methods/:id/detach', z.strictObject({}), detach),
]

/** The stored payment method, or a new one when a documented `pm_card_…` id is named. Locked. */
export async function resolvePaymentMethod(
  context: Context,
  id: string,
  status: 400 | 404 = 400,
): Promise<Stored<'payment_method'>> {
  const card = cardByAlias(id)
  if (card !== null && id.startsWith('pm_card_')) return createPaymentMethod(context, card, {})
  const method = await findObject(context.tx, 'payment_method', id, 'lock')
  if (method === null) throw noSuch('PaymentMethod', id, 'payment_method', status)
  return method
}

/** Makes a payment method from a test card. The number is not kept: brand, last four digits and a fingerprint are. */
export async function createPaymentMethod(
  context: Context,
  card: CardName,
  options: {
    details?: BillingDetails
    metadata?: Record<string, string>
    expiry?: { expMonth: number; expYear: number }
  },
): Promise<Stored<'payment_method'>> {
  const nextYear = new Date(context.now * 1000).getUTCFullYear() + 1
  const data: PaymentMethodShape = {
    id: newId('payment_method'),
    object: 'payment_method',
    allow_redisplay: 'unspecified',
    billing_details: options.details ?? billingDetails(null, null),
    card: {
      brand: testCard(card).brand,
      checks: { address_line1_check: null, address_postal_code_check: null, cvc_check: 'pass' },
      country: 'US',
      display_brand: testCard(card).brand,
      exp_month: options.expiry?.expMonth ?? 12,
      exp_year: options.expiry?.expYear ?? nextYear,
      fingerprint: fingerprint(card),
      funding: 'credit',
      generated_from: null,
      last4: lastFour(card),
      networks: { available: [testCard(card).brand], preferred: null },
      three_d_secure_usage: { supported: true },
      wallet: null,
    },
    created: context.now,
    customer: null,
    livemode: false,
    metadata: mergeMetadata({}, options.metadata),
    type: 'card',
  }
  const stored: Stored<'payment_method'> = { data, hidden: { card, isSetUp: false } }
  await insertObject(context.tx, 'payment_method', data, stored.hidden)
  return stored
}

/** Saves a card with its customer, and says so. `isSetUp`: the bank agreed to charges without the customer. */
export async function attachToCustomer(
  context: Context,
  method: Stored<'payment_method'>,
  customerId: string,
  isSetUp: boolean,
): Promise<void> {
  const isNew = method.data.customer === null
  method.data.customer = customerId
  method.hidden.isSetUp ||= isSetUp
  await saveObject(context.tx, method)
  if (isNew) await emit(context, 'payment_method.attached', method.data)
}

async function attach(context: Context, input: { customer: string }, id: string): Promise<Answer> {
  if ((await findObject(context.tx, 'customer', input.customer)) === null) {
    throw noSuch('customer', input.customer, 'customer', 400)
  }
  const method = await resolvePaymentMethod(context, id, 404)
  if (method.data.customer !== null && method.data.customer !== input.customer) {
    throw invalidRequest('The payment method you provided has already been attached to a customer.')
  }
  const { behaviour } = testCard(method.hidden.card)
  if (behaviour.kind === 'decline') return declined(cardError(behaviour.decline))
  await attachToCustomer(context, method, input.customer, false)
  return found(method.data)
}

async function detach(context: Context, _input: object, id: string): Promise<Answer> {
  const method = await findObject(context.tx, 'payment_method', id, 'lock')
  if (method === null) throw noSuch('PaymentMethod', id, 'payment_method')
  const customerId = method.data.customer
  if (customerId === null) {
    const message = 'The payment method you provided is not attached to a customer so detachment is impossible.'
    throw invalidRequest(message, 'payment_method_not_attached')
  }
  method.data.customer = null
  method.hidden.isSetUp = false
  method.hidden.wasDetached = true
  await saveObject(context.tx, method)
  const customer = await findObject(context.tx, 'customer', customerId, 'lock')
  if (customer?.data.invoice_settings.default_payment_method === id) {
    customer.data.invoice_settings.default_payment_method = null
    await saveObject(context.tx, customer)
    await emit(context, 'customer.updated', customer.data)
  }
  await emit(context, 'payment_method.detached', method.data)
  return found(method.data)
}

async function listCards(
  tx: Context['tx'],
  url: string,
  input: { limit: number; starting_after?: string | undefined; ending_before?: string | undefined },
  customer: string | undefined,
) {
  return listObjects(tx, 'payment_method', url, { ...input, equals: { customer } })
}

/** The same card has the same fingerprint wherever it is used. Made from the documented name, not from the number. */
function fingerprint(card: CardName): string {
  return createHash('sha256')
    .update(`stripe sandbox card ${card}`)
    .digest('base64url')
    .replace(/[-_]/g, 'x')
    .slice(0, 16)
}
