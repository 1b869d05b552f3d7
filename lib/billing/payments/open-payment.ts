import 'server-only'

import { accountClock, type Clock } from '@/lib/clock'
import { readCatalogue } from '@/lib/db/catalogue'
import { findContract } from '@/lib/db/contracts'
import { newId } from '@/lib/db/ids'
import { enqueueJob } from '@/lib/db/jobs'
import { readOperatorPolicy, type Account } from '@/lib/db/organizations'
import { insertPayment, type Payment } from '@/lib/db/payments'
import { inTransaction } from '@/lib/db/pool'
import type { PurserError } from '@/lib/errors'
import { parseDollars } from '@/lib/money/cents'
import { effectivePolicy } from '@/lib/organizations/rules/effective-policy'
import { err, ok, type Result } from '@/lib/result'

import { planPurchase, purchaseTerms } from '../rules/plan-purchase'
import { waitForTwin } from './wait-for-twin'

/** The asset that money buys. */
export const PURCHASED_ASSET = 'credit'

/** When the first look at a payment is due whose webhook has not come: see `checkPayment`. */
const FIRST_CHECK_MS = 30_000

/** Stripe forgets an idempotency key after a day: a form that is older could be charged again, and is refused instead. */
const OLDEST_FORM_MS = 23 * 3_600_000

/** What a person asked to buy. */
export type PurchaseOrder = {
  readonly amountUsd: string
  readonly formToken: string
  readonly saveCard: boolean
  readonly cardId: string | null
  readonly userId: string
}

/**
 * Commits the attempt row of a purchase before Stripe hears of it, with the job that looks after it when no webhook comes. The
 * same form token answers the same payment. Errors: `invalid_input` (amount), `invalid_state`, `conflict` (the token paid
 * another amount).
 */
export async function openPayment(
  account: Account,
  order: PurchaseOrder,
  clock: Clock,
): Promise<Result<Payment, PurserError>> {
  const now = clock.now()
  const amountCents = parseDollars(order.amountUsd)
  if (!amountCents.ok) throw new Error('an amount is validated before it is ordered')
  const policy = effectivePolicy(await readOperatorPolicy(), account.policy)
  const asset = (await readCatalogue(account.mode)).assets.get(PURCHASED_ASSET)
  if (asset === undefined) throw new Error(`asset ${PURCHASED_ASSET} is not in the catalogue`)
  const contract = await findContract(account.id)
  const terms = purchaseTerms(policy, contract, account.timeZone, accountClock(account, clock).now())
  const plan = planPurchase(amountCents.value, terms, asset.scale)
  if (!plan.ok) return plan

  const id = newId()
  const { payment, isNew } = await inTransaction(async (tx) => {
    const opened = await insertPayment(tx, {
      ...plan.value,
      accountId: account.id,
      id,
      kind: 'purchase',
      formToken: order.formToken,
      assetCode: PURCHASED_ASSET,
      saveCard: order.saveCard,
      cardId: order.cardId,
      startedById: order.userId,
      createdAt: now,
    })
    if (opened.isNew) await enqueueJob(tx, paymentCheck(opened.payment, new Date(now.getTime() + FIRST_CHECK_MS)))
    return opened
  })
  if (isNew) return ok(payment)
  const isTooOld = payment.status === 'started' && now.getTime() - payment.createdAt.getTime() > OLDEST_FORM_MS
  const isSameOrder = payment.amountCents === plan.value.amountCents && payment.cardId === order.cardId
  if (isTooOld || !isSameOrder) return err({ code: 'conflict', message: 'This form was sent before. Reload the page.' })
  return ok(await waitForTwin(payment, clock))
}

/** The job that looks at a payment again. One waits at a time. */
export function paymentCheck(payment: Pick<Payment, 'accountId' | 'id'>, runAt: Date) {
  return {
    task: 'check_payment',
    payload: { accountId: payment.accountId, paymentId: payment.id },
    key: `check_payment:${payment.id}`,
    runAt,
  } as const
}
