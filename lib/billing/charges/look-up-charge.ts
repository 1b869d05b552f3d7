import 'server-only'

import type { Actor } from '@/lib/auth/rules/actor'
import { accountClock, type Clock } from '@/lib/clock'
import type { Account } from '@/lib/db/organizations'
import { attachIntent, type Payment } from '@/lib/db/payments'
import type { PurserError } from '@/lib/errors'
import { ok, type Result } from '@/lib/result'

import { endPayment } from '../payments/end-payment'
import { findIntentOf } from '../payments/find-intent'
import type { ChargeFailure } from '../rules/auto-charge'
import { settlePayment } from '../payments/settle-payment'

/**
 * Before an attempt is taken to have charged nothing, Stripe's own list is asked whether it did: then the attempt ends as Stripe says, or
 * else with this failure. Errors: `unavailable`.
 */
export async function lookUpCharge(
  actor: Actor,
  account: Account,
  payment: Payment,
  otherwise: ChargeFailure,
  clock: Clock,
): Promise<Result<null, PurserError>> {
  const found = await findIntentOf(payment)
  if (!found.ok) return found
  if (found.value === null) {
    await endPayment(account, payment, otherwise, accountClock(account, clock).now())
    return ok(null)
  }
  await attachIntent(payment, found.value, clock.now())
  const settled = await settlePayment(actor, found.value, clock)
  return settled.ok ? ok(null) : settled
}
