import 'server-only'

import type { Actor } from '@/lib/auth/rules/actor'
import { can } from '@/lib/auth/rules/permissions'
import { accountClock, type Clock } from '@/lib/clock'
import { findAccount } from '@/lib/db/organizations'
import type { Payment, PaymentStatus } from '@/lib/db/payments'
import { inTransaction } from '@/lib/db/pool'
import type { PurserError } from '@/lib/errors'
import { err, ok, type Result } from '@/lib/result'

import { chargeAutomatically } from './charge-automatically'
import { decideCharge, type ChargeDecided } from './decide-charge'
import type { ChargeOccasion } from '../rules/plan-charge'
import type { CapNotice } from '../rules/recharge'

/** A charge that was attempted, and how it stands. */
export type ChargeAttempted = {
  readonly paymentId: string
  readonly kind: Payment['kind']
  readonly status: PaymentStatus
  /** The shares of the month's cap that a recharge reached. */
  readonly capNotices: readonly CapNotice[]
}

/** What was charged in order, and why nothing more was. */
export type ChargeRun = {
  readonly attempts: readonly ChargeAttempted[]
  readonly end: Exclude<ChargeDecided['status'], 'opened'> | 'unsettled'
}

/** An invoice, a recharge and debt can be due at once; more than this is never. */
const MOST_CHARGES = 5

/**
 * Charges the default card of an account, without a person on the page, for what is due now: invoices, a recharge, debt. One attempt at a
 * time, each committed before Stripe is asked with its key; the next one is decided when the last has become credit. A hundred callers at
 * once make one charge. Errors: `not_found`, `forbidden`, `unavailable` (Stripe did not answer: the attempt is asked for again).
 */
export async function chargeWhatIsDue(
  actor: Actor,
  accountId: string,
  occasion: ChargeOccasion,
  clock: Clock,
): Promise<Result<ChargeRun, PurserError>> {
  const account = await findAccount(accountId)
  if (account === null) return err({ code: 'not_found', what: 'organization' })
  if (!can(actor, 'recharge:run', account)) return err({ code: 'forbidden' })
  const attempts: ChargeAttempted[] = []
  while (attempts.length < MOST_CHARGES) {
    const at = accountClock(account, clock).now()
    const decided = await inTransaction((tx) => decideCharge(tx, account, occasion, at))
    if (decided.status !== 'opened') return ok({ attempts, end: decided.status })
    const { payment } = decided
    const charged = await chargeAutomatically(actor, account, payment, clock)
    if (!charged.ok) return charged
    attempts.push({ paymentId: payment.id, kind: payment.kind, status: charged.value, capNotices: decided.capNotices })
    if (charged.value !== 'settled') return ok({ attempts, end: 'unsettled' })
  }
  throw new Error(`account ${accountId} was charged ${MOST_CHARGES} times in a row and is still due`)
}
