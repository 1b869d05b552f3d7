import 'server-only'

import type { Actor } from '@/lib/auth/rules/actor'
import { accountClock, type Clock } from '@/lib/clock'
import { madeAt } from '@/lib/db/ids'
import type { Account } from '@/lib/db/organizations'
import type { Payment } from '@/lib/db/payments'
import type { PurserError } from '@/lib/errors'
import { ok, type Result } from '@/lib/result'

import { chargeAutomatically } from './charge-automatically'
import { endPayment } from '../payments/end-payment'
import { lookUpCharge } from './look-up-charge'
import { settlePayment } from '../payments/settle-payment'

/** Stripe forgets an idempotency key after a day: an older attempt is looked up instead of being sent again. */
const OLDEST_KEY_MS = 23 * 3_600_000

/** So long a person has to confirm a charge at the bank. */
const CONFIRMED_WITHIN_MS = 26 * 3_600_000

/**
 * Goes on with an attempt whose process died, or that Stripe did not answer: the same key again, or what Stripe says of its intent. `clock`
 * is real time. Errors: `unavailable`.
 */
export async function resumeCharge(
  actor: Actor,
  account: Account,
  payment: Payment,
  clock: Clock,
): Promise<Result<null, PurserError>> {
  const ageMs = clock.now().getTime() - madeAt(payment.id).getTime()
  if (payment.paymentIntentId === null) {
    if (ageMs > OLDEST_KEY_MS) return lookUpCharge(actor, account, payment, { kind: 'given_up' }, clock)
    const charged = await chargeAutomatically(actor, account, payment, clock)
    return charged.ok ? ok(null) : charged
  }
  const settled = await settlePayment(actor, payment.paymentIntentId, clock)
  if (!settled.ok) return settled
  if (settled.value.status === 'open' && payment.status === 'awaiting_payment' && ageMs > CONFIRMED_WITHIN_MS) {
    await endPayment(account, payment, UNCONFIRMED, accountClock(account, clock).now())
  }
  return ok(null)
}

const UNCONFIRMED = { kind: 'requires_action', message: 'Nobody confirmed this charge at the bank.' } as const
