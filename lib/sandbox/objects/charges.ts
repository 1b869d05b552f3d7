import { z } from 'zod'
import type { Decline } from '../cards/test-cards'
import { OWN_ADDRESS, type Context } from '../context'
import { found, route, type Route } from '../http/answer'
import { page, text } from '../http/params'
import { noSuch } from '../http/refusal'
import type { ChargeShape, OutcomeShape, PaymentIntentShape, PaymentMethodShape } from '../shapes'
import { emit } from '../store/events'
import { newBalanceTransactionId, newId } from '../store/ids'
import { findObject, insertObject, listObjects } from '../store/objects'

/** Charges: retrieve, list. They are made by confirming payment intents only. */
export const chargeRoutes: readonly Route[] = [
  route(
    'GET',
    '/v1/charges',
    z.strictObject({ ...page, customer: text.optional(), payment_intent: text.optional() }),
    async ({ tx }, input) => {
      const equals = { customer: input.customer, payment_intent: input.payment_intent }
      return found(await listObjects(tx, 'charge', '/v1/charges', { ...input, equals }))
    },
  ),
  route('GET', '/v1/charges/:id', z.strictObject({}), async ({ tx }, _input, id) => {
    const charge = await findObject(tx, 'charge', id)
    if (charge === null) throw noSuch('charge', id, 'id')
    return found(charge.data)
  }),
]

/** Records what a bank did with an intent's amount: taken, or declined. Does not touch the intent. */
export async function createCharge(
  context: Context,
  intent: PaymentIntentShape,
  method: PaymentMethodShape,
  decline: Decline | null,
): Promise<ChargeShape> {
  const id = newId('charge')
  const isPaid = decline === null
  const charge: ChargeShape = {
    id,
    object: 'charge',
    amount: intent.amount,
    amount_captured: isPaid ? intent.amount : 0,
    amount_refunded: 0,
    balance_transaction: isPaid ? newBalanceTransactionId() : null,
    billing_details: method.billing_details,
    calculated_statement_descriptor: 'STRIPE SANDBOX',
    captured: isPaid,
    created: context.now,
    currency: intent.currency,
    customer: intent.customer,
    description: intent.description,
    disputed: false,
    failure_code: decline?.code ?? null,
    failure_message: decline?.message ?? null,
    fraud_details: {},
    livemode: false,
    metadata: intent.metadata,
    outcome: outcome(decline),
    paid: isPaid,
    payment_intent: intent.id,
    payment_method: method.id,
    payment_method_details: {
      type: 'card',
      card: { ...method.card, amount_authorized: isPaid ? intent.amount : null, network: method.card.brand },
    },
    receipt_email: intent.receipt_email,
    receipt_number: null,
    receipt_url: isPaid ? `${OWN_ADDRESS}/receipts/${id}` : null,
    refunded: false,
    status: isPaid ? 'succeeded' : 'failed',
  }
  await insertObject(context.tx, 'charge', charge, {})
  await emit(context, isPaid ? 'charge.succeeded' : 'charge.failed', charge)
  return charge
}

function outcome(decline: Decline | null): OutcomeShape {
  const risk = { risk_level: 'normal', risk_score: 12 }
  if (decline === null) {
    const approved = { advice_code: null, network_status: 'approved_by_network', reason: null, type: 'authorized' }
    return { ...approved, ...risk, seller_message: 'Payment complete.' }
  }
  return {
    advice_code: 'try_again_later',
    network_status: 'declined_by_network',
    reason: decline.declineCode ?? decline.code,
    ...risk,
    seller_message: 'The bank did not return any further details with this decline.',
    type: 'issuer_declined',
  }
}
