import { z } from 'zod'
import type { Context } from '../context'
import { found, route, type Route } from '../http/answer'
import { flag, metadata, page, text } from '../http/params'
import { invalidRequest, noSuch } from '../http/refusal'
import type { DisputeShape } from '../shapes'
import { emit } from '../store/events'
import { newBalanceTransactionId, newId } from '../store/ids'
import { findObject, insertObject, listObjects, saveObject, type Stored } from '../store/objects'
import { mergeMetadata } from './fields'

const DISPUTE_FEE_CENTS = 1500
const ANSWER_WITHIN_SECONDS = 9 * 86_400

const evidence = z.strictObject({
  evidence: z.strictObject({ uncategorized_text: text.optional() }).optional(),
  metadata: metadata.optional(),
  submit: flag.optional(),
})

/** Disputes: retrieve, list, submit evidence (Stripe's test words win or lose it), close. */
export const disputeRoutes: readonly Route[] = [
  route(
    'GET',
    '/v1/disputes',
    z.strictObject({ ...page, charge: text.optional(), payment_intent: text.optional() }),
    async ({ tx }, input) => {
      const equals = { charge: input.charge, payment_intent: input.payment_intent }
      return found(await listObjects(tx, 'dispute', '/v1/disputes', { ...input, equals }))
    },
  ),
  route('GET', '/v1/disputes/:id', z.strictObject({}), async ({ tx }, _input, id) => {
    const dispute = await findObject(tx, 'dispute', id)
    if (dispute === null) throw noSuch('dispute', id, 'id')
    return found(dispute.data)
  }),
  route('POST', '/v1/disputes/:id', evidence, async (context, input, id) => {
    const dispute = await lockDispute(context, id)
    const words = input.evidence?.uncategorized_text
    dispute.data.metadata = mergeMetadata(dispute.data.metadata, input.metadata)
    if (words !== undefined) dispute.data.evidence['uncategorized_text'] = words
    await saveObject(context.tx, dispute)
    if (input.submit !== false && words === 'winning_evidence') await closeDispute(context, dispute, 'won')
    else if (input.submit !== false && words === 'losing_evidence') await closeDispute(context, dispute, 'lost')
    else await emit(context, 'charge.dispute.updated', dispute.data)
    return found(dispute.data)
  }),
  route('POST', '/v1/disputes/:id/close', z.strictObject({}), async (context, _input, id) => {
    const dispute = await lockDispute(context, id)
    await closeDispute(context, dispute, 'lost')
    return found(dispute.data)
  }),
]

/** A bank takes a charge back, pending an answer. The charge is locked by the caller. */
export async function openDispute(
  context: Context,
  charge: Stored<'charge'>,
  reason: string,
  amountCents?: number,
): Promise<DisputeShape> {
  const { data } = charge
  if (data.status !== 'succeeded') throw invalidRequest('Only a successful charge can be disputed.')
  if (data.disputed) throw invalidRequest(`Charge ${data.id} has already been disputed.`, 'charge_disputed')
  const most = data.amount - data.amount_refunded
  const amount = amountCents ?? most
  if (amount < 1 || amount > most)
    throw invalidRequest('The disputed amount must not exceed what the charge still holds.')
  const dispute: DisputeShape = {
    id: newId('dispute'),
    object: 'dispute',
    amount,
    balance_transactions: [movement(-amount, DISPUTE_FEE_CENTS)],
    charge: data.id,
    created: context.now,
    currency: data.currency,
    evidence: { uncategorized_text: null },
    evidence_details: {
      due_by: context.now + ANSWER_WITHIN_SECONDS,
      has_evidence: false,
      past_due: false,
      submission_count: 0,
    },
    is_charge_refundable: false,
    livemode: false,
    metadata: {},
    payment_intent: data.payment_intent,
    reason,
    status: 'needs_response',
  }
  data.disputed = true
  await saveObject(context.tx, charge)
  await insertObject(context.tx, 'dispute', dispute, {})
  await emit(context, 'charge.dispute.created', dispute)
  await emit(context, 'charge.dispute.funds_withdrawn', dispute)
  return dispute
}

/** The bank decides. The dispute is locked by the caller. */
export async function closeDispute(
  context: Context,
  dispute: Stored<'dispute'>,
  status: 'won' | 'lost',
): Promise<void> {
  const { data } = dispute
  if (data.status === 'won' || data.status === 'lost') throw invalidRequest('This dispute is already closed.')
  data.status = status
  if (status === 'won') data.balance_transactions.push(movement(data.amount, -DISPUTE_FEE_CENTS))
  await saveObject(context.tx, dispute)
  await emit(context, 'charge.dispute.closed', data)
  if (status === 'won') await emit(context, 'charge.dispute.funds_reinstated', data)
}

/** Reads a dispute for a change. */
export async function lockDispute(context: Context, id: string): Promise<Stored<'dispute'>> {
  const dispute = await findObject(context.tx, 'dispute', id, 'lock')
  if (dispute === null) throw noSuch('dispute', id, 'id')
  return dispute
}

function movement(amount: number, fee: number): DisputeShape['balance_transactions'][number] {
  return { id: newBalanceTransactionId(), object: 'balance_transaction', amount, fee, net: amount - fee }
}
