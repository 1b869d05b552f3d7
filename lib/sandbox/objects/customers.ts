import { z } from 'zod'
import type { Context } from '../context'
import { found, route, type Route } from '../http/answer'
import { metadata, page, text } from '../http/params'
import { invalidRequest, noSuch } from '../http/refusal'
import type { CustomerShape } from '../shapes'
import { emit } from '../store/events'
import { newId } from '../store/ids'
import { findObject, insertObject, listObjects, saveObject, type Stored } from '../store/objects'
import { mergeMetadata, orNull } from './fields'

const fields = {
  name: text.max(256).optional(),
  email: text.max(512).optional(),
  description: text.optional(),
  phone: text.max(20).optional(),
  metadata: metadata.optional(),
  invoice_settings: z.strictObject({ default_payment_method: text.optional() }).optional(),
}

/** Customers: create, retrieve, update, list. */
export const customerRoutes: readonly Route[] = [
  route('POST', '/v1/customers', z.strictObject(fields), async (context, input) => {
    const customer: CustomerShape = {
      id: newId('customer'),
      object: 'customer',
      address: null,
      balance: 0,
      created: context.now,
      currency: null,
      default_source: null,
      delinquent: false,
      description: orNull(input.description),
      email: orNull(input.email),
      invoice_settings: { custom_fields: null, default_payment_method: null, footer: null, rendering_options: null },
      livemode: false,
      metadata: mergeMetadata({}, input.metadata),
      name: orNull(input.name),
      phone: orNull(input.phone),
      shipping: null,
    }
    if (orNull(input.invoice_settings?.default_payment_method) !== null) {
      throw invalidRequest(
        'The customer does not have this payment method. Attach it first.',
        'resource_missing',
        'invoice_settings[default_payment_method]',
      )
    }
    await insertObject(context.tx, 'customer', customer, {})
    await emit(context, 'customer.created', customer)
    return found(customer)
  }),
  route('GET', '/v1/customers', z.strictObject({ ...page, email: text.optional() }), async ({ tx }, input) =>
    found(await listObjects(tx, 'customer', '/v1/customers', { ...input, equals: { email: input.email } })),
  ),
  route('GET', '/v1/customers/:id', z.strictObject({}), async ({ tx }, _input, id) => {
    const customer = await findObject(tx, 'customer', id)
    if (customer === null) throw noSuch('customer', id, 'id')
    return found(customer.data)
  }),
  route('POST', '/v1/customers/:id', z.strictObject(fields), async (context, input, id) => {
    const customer = await findObject(context.tx, 'customer', id, 'lock')
    if (customer === null) throw noSuch('customer', id, 'id')
    await update(context, customer, input)
    return found(customer.data)
  }),
]

async function update(
  context: Context,
  customer: Stored<'customer'>,
  input: z.output<z.ZodObject<typeof fields>>,
): Promise<void> {
  const { data } = customer
  if (input.name !== undefined) data.name = orNull(input.name)
  if (input.email !== undefined) data.email = orNull(input.email)
  if (input.description !== undefined) data.description = orNull(input.description)
  if (input.phone !== undefined) data.phone = orNull(input.phone)
  data.metadata = mergeMetadata(data.metadata, input.metadata)
  const defaultCard = input.invoice_settings?.default_payment_method
  if (defaultCard !== undefined) {
    data.invoice_settings.default_payment_method = await ownCard(context, data.id, orNull(defaultCard))
  }
  await saveObject(context.tx, customer)
  await emit(context, 'customer.updated', data)
}

async function ownCard(context: Context, customerId: string, paymentMethodId: string | null): Promise<string | null> {
  if (paymentMethodId === null) return null
  const method = await findObject(context.tx, 'payment_method', paymentMethodId)
  const param = 'invoice_settings[default_payment_method]'
  if (method === null) throw noSuch('PaymentMethod', paymentMethodId, param, 400)
  if (method.data.customer !== customerId) {
    const message = `The customer does not have a payment method with the ID ${paymentMethodId}. The payment method must be attached to the customer.`
    throw invalidRequest(message, 'resource_missing', param)
  }
  return paymentMethodId
}
