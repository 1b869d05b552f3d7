import { z } from 'zod'
import type { Context } from '../context'
import { found, route, type Answer, type Route } from '../http/answer'
import { integer, metadata, page, text } from '../http/params'
import { invalidRequest, noSuch } from '../http/refusal'
import type { RefundShape } from '../shapes'
import { emit } from '../store/events'
import { newBalanceTransactionId, newId } from '../store/ids'
import { findObject, insertObject, listObjects, saveObject, type Stored } from '../store/objects'
import { dollars, mergeMetadata } from './fields'

const creation = z.strictObject({
  charge: text.optional(),
  payment_intent: text.optional(),
  amount: integer(1, 99_999_999).optional(),
  reason: z.enum(['duplicate', 'fraudulent', 'requested_by_customer']).optional(),
  metadata: metadata.optional(),
})

/** Refunds: create (all, part, again), retrieve, list. */
export const refundRoutes: readonly Route[] = [
  route('POST', '/v1/refunds', creation, refund),
  route(
    'GET',
    '/v1/refunds',
    z.strictObject({ ...page, charge: text.optional(), payment_intent: text.optional() }),
    async ({ tx }, input) => {
      const equals = { charge: input.charge, payment_intent: input.payment_intent }
      return found(await listObjects(tx, 'refund', '/v1/refunds', { ...input, equals }))
    },
  ),
  route('GET', '/v1/refunds/:id', z.strictObject({}), async ({ tx }, _input, id) => {
    const stored = await findObject(tx, 'refund', id)
    if (stored === null) throw noSuch('refund', id, 'id')
    return found(stored.data)
  }),
]

async function refund(context: Context, input: z.output<typeof creation>): Promise<Answer> {
  const charge = await lockRefundedCharge(context, input)
  const left = charge.data.amount - charge.data.amount_refunded
  if (left === 0) {
    throw invalidRequest(`Charge ${charge.data.id} has already been refunded.`, 'charge_already_refunded')
  }
  const amount = input.amount ?? left
  if (amount > left) {
    const message = `Refund amount (${dollars(amount)}) is greater than unrefunded amount on charge (${dollars(left)})`
    throw invalidRequest(message, undefined, 'amount')
  }
  const data: RefundShape = {
    id: newId('refund'),
    object: 'refund',
    amount,
    balance_transaction: newBalanceTransactionId(),
    charge: charge.data.id,
    created: context.now,
    currency: charge.data.currency,
    livemode: false,
    metadata: mergeMetadata({}, input.metadata),
    payment_intent: charge.data.payment_intent,
    reason: input.reason ?? null,
    receipt_number: null,
    status: 'succeeded',
  }
  charge.data.amount_refunded += amount
  charge.data.refunded = charge.data.amount_refunded === charge.data.amount
  await saveObject(context.tx, charge)
  await insertObject(context.tx, 'refund', data, {})
  await emit(context, 'refund.created', data)
  await emit(context, 'charge.refunded', charge.data)
  return found(data)
}

async function lockRefundedCharge(context: Context, input: z.output<typeof creation>): Promise<Stored<'charge'>> {
  const { tx } = context
  if ((input.charge === undefined) === (input.payment_intent === undefined)) {
    throw invalidRequest('One of the following params should be provided for this request: payment_intent or charge.')
  }
  const chargeId = input.charge ?? (await latestCharge(context, input.payment_intent ?? ''))
  const charge = await findObject(tx, 'charge', chargeId, 'lock')
  if (charge === null) throw noSuch('charge', chargeId, 'charge', 400)
  if (charge.data.status !== 'succeeded') {
    throw invalidRequest(`Charge ${chargeId} failed, so it cannot be refunded.`, undefined, 'charge')
  }
  if (charge.data.disputed) {
    throw invalidRequest(`Charge ${chargeId} has been charged back; cannot issue a refund.`, 'charge_disputed')
  }
  return charge
}

async function latestCharge(context: Context, intentId: string): Promise<string> {
  const intent = await findObject(context.tx, 'payment_intent', intentId)
  if (intent === null) throw noSuch('payment_intent', intentId, 'payment_intent', 400)
  if (intent.data.latest_charge === null) {
    throw invalidRequest('This PaymentIntent does not have a successful charge to refund.', undefined, 'payment_intent')
  }
  return intent.data.latest_charge
}
