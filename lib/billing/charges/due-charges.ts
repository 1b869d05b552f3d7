import 'server-only'

import type { Actor } from '@/lib/auth/rules/actor'
import { readTerms, type AccountTerms } from '@/lib/db/account-terms'
import { readBooks } from '@/lib/db/books'
import { accountsWithDueCharges, readChargeTimes, type ChargeTimes } from '@/lib/db/due-charges'
import { bookDue } from '@/lib/ledger/due'
import type { DueSource } from '@/lib/schedule/due-contract'

import { chargeWhatIsDue } from './charge-what-is-due'
import { PURCHASED_ASSET } from '../payments/open-payment'
import { nextPeriodEnd } from '../rules/invoice'
import { OLDEST_DEBT_MS } from '../rules/plan-charge'
import { cutoverOf } from '../rules/postpaid'
import { isRechargeDue, rechargeLevel } from '../rules/recharge'

/**
 * What an account is charged for without a person by the mere passing of time (`lib/schedule`): a charge whose back-off is over, debt that
 * is an hour old, a recharge whose month's cap is over, the invoices of months and of the cutover. An attempt that Stripe has not answered
 * is a matter of real time and of the job `check_payment`.
 */
export const chargeSource: DueSource = {
  name: 'charges',
  nextDue: readNextDue,
  work: async (actor: Actor, accountId: string, at: Date): Promise<void> => {
    const run = await chargeWhatIsDue(actor, accountId, 'other', { now: () => at })
    if (run.ok || run.error.code === 'unavailable') return
    throw new Error(`charges of account ${accountId}: ${run.error.code}`)
  },
  dueAccounts: accountsWithDueCharges,
}

async function readNextDue(accountId: string): Promise<Date | null> {
  const times = await readChargeTimes(accountId)
  if (times === null) return null
  const terms = await readTerms(accountId)
  const cutover = cutoverOf(terms.policy.billing_mode)
  const { uninvoicedFrom, status, retryAt, clockAt } = times
  const isAccruing = cutover !== null && uninvoicedFrom < cutover
  const instants = [
    ...(isAccruing ? [nextPeriodEnd(uninvoicedFrom, terms.timeZone, cutover)] : []),
    ...(retryAt === null ? [] : [retryAt]),
    ...(status === 'armed' ? armedInstants(times) : []),
    ...(status === 'armed' && !isAccruing && clockAt !== null ? await calledFor(terms, times, clockAt) : []),
  ]
  return instants.toSorted((left, right) => left.getTime() - right.getTime())[0] ?? null
}

function armedInstants({ blockedUntil, debtSince }: ChargeTimes): readonly Date[] {
  return [
    ...(blockedUntil === null ? [] : [blockedUntil]),
    ...(debtSince === null ? [] : [new Date(debtSince.getTime() + OLDEST_DEBT_MS)]),
  ]
}

/**
 * Under a test clock the jobs that a debit queues may run only after the clock has gone on by months: there a balance that calls for a
 * recharge, and debt that nobody has looked at, are due at once.
 */
async function calledFor(
  { accountId, recharge, policy }: AccountTerms,
  { debtSince }: ChargeTimes,
  clockAt: Date,
): Promise<readonly Date[]> {
  const isByCard = policy.at_zero === 'charge_card' && debtSince === null
  if (recharge === null && !isByCard) return []
  const pool = (await readBooks(accountId)).find(
    ({ wallet }) => wallet.memberId === null && wallet.assetCode === PURCHASED_ASSET,
  )
  if (pool === undefined) return []
  const { book } = bookDue(pool, clockAt)
  const isCalledFor = isRechargeDue(recharge, rechargeLevel(book, clockAt)) || (isByCard && book.wallet.debt > 0n)
  return isCalledFor ? [clockAt] : []
}
