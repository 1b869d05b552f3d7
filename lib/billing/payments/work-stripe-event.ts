import 'server-only'

import type { Actor } from '@/lib/auth/rules/actor'
import type { Clock } from '@/lib/clock'
import { findStripeEvent, finishStripeEvent } from '@/lib/db/stripe-events'
import type { PurserError } from '@/lib/errors'
import { err, ok, type Result } from '@/lib/result'
import type { Notice } from '@/lib/stripe/events/notice'
import { readCheckoutSession } from '@/lib/stripe/read-checkout-session'

import { checkPayment } from './check-payment'
import { settlePayment } from './settle-payment'
import { stripeRefusal } from './stripe-refusal'

/** After so many tries an event is parked: a person looks at it, and nothing else waits for it. */
const MOST_ATTEMPTS = 10

/** What was done about an event, for the inbox. */
type Work = { readonly status: 'done' | 'parked'; readonly outcome: string }

/**
 * Works on a stored event of Stripe: re-reads what it is about and does what it says. Working on it twice does nothing twice.
 * Errors: `not_found`, `unavailable` (try again later).
 */
export async function workStripeEvent(actor: Actor, eventId: string, clock: Clock): Promise<Result<Work, PurserError>> {
  const event = await findStripeEvent<Notice>(eventId)
  if (event === null) return err({ code: 'not_found', what: 'event' })
  if (event.status === 'done') return ok({ status: 'done', outcome: 'worked before' })
  try {
    const work = await workNotice(actor, event.notice, clock)
    if (work.ok) await finishStripeEvent(eventId, work.value.status, work.value.outcome, clock.now())
    else await postpone(eventId, event.attempts, work.error.code, clock.now())
    return work
  } catch (error) {
    await postpone(eventId, event.attempts, error instanceof Error ? error.message : 'unknown failure', clock.now())
    throw error
  }
}

async function workNotice(actor: Actor, notice: Notice, clock: Clock): Promise<Result<Work, PurserError>> {
  switch (notice.kind) {
    case 'payment_changed':
    case 'charge_changed':
      return workPayment(actor, notice.paymentIntentId, clock)
    case 'checkout_changed':
      return workCheckout(actor, notice.sessionId, clock)
    case 'dispute_changed':
      return ok({ status: 'parked', outcome: 'A charge is disputed. Correct the ledger by hand.' })
    case 'card_saved':
    case 'ignored':
      return ok({ status: 'done', outcome: 'nothing to do' })
  }
}

async function workPayment(actor: Actor, paymentIntentId: string, clock: Clock): Promise<Result<Work, PurserError>> {
  const settled = await settlePayment(actor, paymentIntentId, clock)
  if (!settled.ok) return settled
  const settlement = settled.value
  if (settlement.status === 'refused') return ok({ status: 'parked', outcome: settlement.reason })
  return ok({ status: 'done', outcome: settlement.status })
}

async function workCheckout(actor: Actor, sessionId: string, clock: Clock): Promise<Result<Work, PurserError>> {
  const session = await readCheckoutSession(sessionId)
  if (!session.ok) return err(stripeRefusal(session.error))
  const { paymentIntentId, metadata } = session.value
  if (paymentIntentId !== null) return workPayment(actor, paymentIntentId, clock)
  const { account_id: accountId, payment_id: paymentId } = metadata
  if (accountId === undefined || paymentId === undefined) return ok({ status: 'done', outcome: 'foreign' })
  const checked = await checkPayment(actor, accountId, paymentId, clock)
  if (checked.ok) return ok({ status: 'done', outcome: checked.value })
  return checked.error.code === 'not_found' ? ok({ status: 'done', outcome: 'foreign' }) : checked
}

async function postpone(eventId: string, attempts: number, reason: string, now: Date): Promise<void> {
  await finishStripeEvent(eventId, attempts + 1 >= MOST_ATTEMPTS ? 'parked' : 'received', reason, now)
}
