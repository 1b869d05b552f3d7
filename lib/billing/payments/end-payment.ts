import 'server-only'

import { lockAccountTerms } from '@/lib/db/account-terms'
import { lockAutoCharge } from '@/lib/db/auto-charges'
import { findCardEver } from '@/lib/db/cards'
import { failInvoices } from '@/lib/db/invoices'
import type { Account } from '@/lib/db/organizations'
import { endPayment as endRow, type Payment } from '@/lib/db/payments'
import { inTransaction } from '@/lib/db/pool'

import { keepAutoCharge } from '../charges/keep-auto-charge'
import { failCharge, type ChargeFailure } from '../rules/auto-charge'

/**
 * Ends an open payment that took no money, and lets the account's automatic charges back off or stop when it was one of them, in one
 * transaction: whoever hears of it first, job or webhook, counts the decline, and nobody counts it again. Locks the account, its automatic
 * charges, then the payment.
 */
export async function endPayment(account: Account, payment: Payment, failure: ChargeFailure, now: Date): Promise<void> {
  const card = payment.cardId === null ? null : await findCardEver(account.id, payment.cardId)
  await inTransaction(async (tx) => {
    await lockAccountTerms(tx, account.id)
    const before = await lockAutoCharge(tx, account.id)
    const isEnded = await endRow(
      tx,
      payment,
      failure.kind === 'given_up' ? 'cancelled' : 'failed',
      rowFailure(failure),
      now,
    )
    const isOurs = payment.kind !== 'purchase' && before.state.paymentId === payment.id
    if (!isEnded || !isOurs) return
    const state = failCharge(before.state, failure, card?.fingerprint ?? null, now)
    await keepAutoCharge(tx, account.id, before, { ...before, state }, now)
    if (payment.kind === 'invoice' && state.status === 'suspended') await failInvoices(tx, account.id, payment.id)
  })
}

function rowFailure(failure: ChargeFailure): { readonly code: string; readonly message: string } | null {
  switch (failure.kind) {
    case 'given_up':
      return null
    case 'declined':
      return { code: failure.code, message: failure.message }
    case 'requires_action':
      return { code: 'authentication_required', message: failure.message }
    default:
      return { code: failure.kind, message: failure.message }
  }
}
