import 'server-only'

import type { AutoCharge } from '@/lib/db/auto-charges'
import { findDefaultCard } from '@/lib/db/cards'
import { madeAt, newId } from '@/lib/db/ids'
import { attemptInvoices } from '@/lib/db/invoices'
import { enqueueJob } from '@/lib/db/jobs'
import type { Account } from '@/lib/db/organizations'
import { insertPayment, type Payment } from '@/lib/db/payments'
import type { Tx } from '@/lib/db/pool'

import { keepAutoCharge } from './keep-auto-charge'
import { paymentCheck } from '../payments/open-payment'
import type { ChargedExpiry } from './read-purchase-expiry'
import { beginCharge, failCharge } from '../rules/auto-charge'
import type { ChargePlan } from '../rules/plan-charge'

/** When an attempt is looked after that nobody has ended: longer than Stripe's client waits for an answer with all its tries. */
const FIRST_CHECK_MS = 60_000

const NO_CARD = { kind: 'no_card', message: 'There is no saved card to charge. Save one to go on.' } as const

/**
 * Commits the attempt row of a charge without a person, before Stripe hears of it, with the job that looks after it. Null, and automatic
 * charges are suspended, when there is no default card. In a transaction that holds the wallet's lock and has found that a charge may
 * begin (`mayCharge`). The database refuses a second open attempt.
 */
export async function openCharge(
  tx: Tx,
  account: Account,
  { before, charge }: { readonly before: AutoCharge; readonly charge: AutoCharge },
  plan: ChargePlan,
  bought: ChargedExpiry & { readonly assetCode: string },
  now: Date,
): Promise<Payment | null> {
  const card = account.stripeCustomerId === null ? null : await findDefaultCard(tx, account.id)
  if (card === null) {
    await keepAutoCharge(
      tx,
      account.id,
      before,
      { ...charge, state: failCharge(charge.state, NO_CARD, null, now) },
      now,
    )
    return null
  }
  const id = newId()
  const { payment } = await insertPayment(tx, {
    ...plan,
    accountId: account.id,
    id,
    formToken: id,
    ...bought,
    saveCard: false,
    cardId: card.id,
    startedById: null,
    createdAt: now,
  })
  if (plan.kind === 'invoice') await attemptInvoices(tx, account.id, id)
  await keepAutoCharge(tx, account.id, before, { ...charge, state: beginCharge(charge.state, id) }, now)
  await enqueueJob(tx, paymentCheck(payment, new Date(madeAt(id).getTime() + FIRST_CHECK_MS)))
  return payment
}
