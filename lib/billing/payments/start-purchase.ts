import 'server-only'

import type { Actor } from '@/lib/auth/rules/actor'
import { can } from '@/lib/auth/rules/permissions'
import type { Clock } from '@/lib/clock'
import { showId } from '@/lib/db/ids'
import type { Account } from '@/lib/db/organizations'
import { attachCheckout, type Payment } from '@/lib/db/payments'
import type { PurserError } from '@/lib/errors'
import { err, ok, type Result } from '@/lib/result'
import { createPurchaseCheckout } from '@/lib/stripe/create-purchase-checkout'

import type { StartPurchase } from '../contract'
import { ensureCustomer } from './ensure-customer'
import { openPayment } from './open-payment'
import { stripeRefusal } from './stripe-refusal'

/** Where a person goes on to pay. */
export type PurchaseStarted = { readonly paymentId: string; readonly url: string }

/**
 * Opens a Checkout for credits. Nothing is credited here: that happens when Stripe says it settled. The attempt row is committed
 * before Stripe is asked, and the same form token leads to the same Checkout. `origin` is where this site is reached.
 * Errors: `forbidden`, `invalid_input` (amount), `invalid_state`, `conflict`, `unavailable`.
 */
export async function startPurchase(
  actor: Actor,
  account: Account,
  input: StartPurchase,
  origin: string,
  clock: Clock,
): Promise<Result<PurchaseStarted, PurserError>> {
  if (actor.kind !== 'user' || !can(actor, 'credits:buy', account)) return err({ code: 'forbidden' })

  const opened = await openPayment(
    account,
    { ...input, amountUsd: input.amount, cardId: null, userId: actor.userId },
    clock,
  )
  if (!opened.ok) return opened
  const payment = opened.value
  if (payment.checkoutUrl !== null) return ok({ paymentId: payment.id, url: payment.checkoutUrl })

  const customer = await ensureCustomer(account)
  if (!customer.ok) return err(stripeRefusal(customer.error))
  const session = await createPurchaseCheckout(checkoutRequest(account, payment, customer.value, origin))
  if (!session.ok) return err(stripeRefusal(session.error))
  await attachCheckout(payment, { id: session.value.sessionId, url: session.value.url }, clock.now())
  return ok({ paymentId: payment.id, url: session.value.url })
}

function checkoutRequest(account: Account, payment: Payment, customerId: string, origin: string) {
  const returnUrl = paymentPage(account, payment, origin)
  return {
    customerId,
    amountCents: payment.amountCents,
    description: `Credits for ${account.name}`,
    metadata: paymentMetadata(payment),
    successUrl: returnUrl,
    cancelUrl: `${returnUrl}&cancelled=1`,
    saveCard: payment.saveCard,
    idempotencyKey: `checkout:${payment.id}`,
  }
}

/** Where a person comes back to after paying. */
export function paymentPage({ slug }: Account, payment: Payment, origin: string): string {
  return `${origin}/o/${slug}/buy/return?payment=${showId('pay', payment.id)}`
}

/** What Stripe keeps with a payment, so that its money finds its account again. */
export function paymentMetadata(payment: Payment): Readonly<Record<string, string>> {
  return { account_id: payment.accountId, payment_id: payment.id }
}
