import 'server-only'

import type { AutoCharge } from '@/lib/db/auto-charges'
import { saveCard } from '@/lib/db/cards'
import { enqueueRecharge } from '@/lib/db/charge-jobs'
import { payInvoices } from '@/lib/db/invoices'
import type { Payment } from '@/lib/db/payments'
import type { Tx } from '@/lib/db/pool'
import type { Book } from '@/lib/ledger/types'
import type { CardFacts } from '@/lib/stripe/facts'

import { keepAutoCharge } from './keep-auto-charge'
import { settleCharge } from '../rules/auto-charge'

/**
 * What follows when a payment has become credit, in the transaction of its entry: its invoices are paid, automatic charges are armed again
 * (ledger.md, Recharge: also by a manual purchase), a card that was to be kept is kept. What else is due is looked at by a job.
 */
export async function noteSettled(
  tx: Tx,
  payment: Payment,
  charge: AutoCharge,
  { wallet }: Book,
  card: CardFacts | null,
  now: Date,
): Promise<void> {
  if (payment.kind === 'invoice') await payInvoices(tx, payment.accountId, payment.id, now)
  if (payment.saveCard && card !== null) {
    const { paymentMethodId: stripePaymentMethodId, ...kept } = card
    await saveCard(tx, payment.accountId, { ...kept, stripePaymentMethodId }, now)
  }
  const state = settleCharge(charge.state, payment)
  const debtSince = wallet.debt === 0n ? null : charge.debtSince
  await keepAutoCharge(tx, payment.accountId, charge, { ...charge, state, debtSince }, now)
  if (state !== charge.state) await enqueueRecharge(tx, payment.accountId)
}
