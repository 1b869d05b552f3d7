import 'server-only'

import type { Actor } from '@/lib/auth/rules/actor'
import { readTerms, type AccountTerms } from '@/lib/db/account-terms'
import { findAutoCharge, type AutoCharge } from '@/lib/db/auto-charges'
import { readBooks } from '@/lib/db/books'
import { accountsWithDueCharges } from '@/lib/db/due-charges'
import { findAccount } from '@/lib/db/organizations'
import { findRecharge } from '@/lib/db/recharges'
import { bookDue } from '@/lib/ledger/due'

import { chargeWhatIsDue } from './charge-what-is-due'
import { uninvoicedFrom } from './close-periods'
import { PURCHASED_ASSET } from './open-payment'
import { nextPeriodEnd } from './rules/invoice'
import { OLDEST_DEBT_MS } from './rules/plan-charge'
import { cutoverOf } from './rules/postpaid'
import { isRechargeDue, rechargeLevel } from './rules/recharge'

/**
 * What an account is charged for without a person by the mere passing of time (`lib/schedule`): a charge whose back-off is over, debt that
 * is an hour old, a recharge whose month's cap is over, the invoices of months and of the cutover. An attempt that Stripe has not answered
 * is a matter of real time and of the job `check_payment`.
 */
export const chargeSource = {
  name: 'charges',
  nextDue: readNextDue,
  work: async (actor: Actor, accountId: string, at: Date): Promise<void> => {
    const run = await chargeWhatIsDue(actor, accountId, 'other', { now: () => at })
    if (!run.ok && run.error.code !== 'unavailable')
      throw new Error(`charges of account ${accountId}: ${run.error.code}`)
  },
  dueAccounts: accountsWithDueCharges,
} as const

async function readNextDue(accountId: string): Promise<Date | null> {
  const account = await findAccount(accountId)
  if (account === null) return null
  const charge = await findAutoCharge(accountId)
  const terms = await readTerms(accountId)
  const { policy, timeZone } = terms
  const cutover = cutoverOf(policy.billing_mode)
  const start = uninvoicedFrom(account, charge)
  const instants = [
    ...(cutover !== null && start < cutover ? [nextPeriodEnd(start, timeZone, cutover)] : []),
    ...(charge.state.status === 'backing_off' && charge.state.retryAt !== null ? [charge.state.retryAt] : []),
    ...(charge.state.status === 'armed' ? await armedInstants(accountId, charge.debtSince) : []),
    ...(account.clockAt !== null && (await isCalledFor(terms, account.clockAt, charge)) ? [account.clockAt] : []),
  ]
  return instants.toSorted((left, right) => left.getTime() - right.getTime())[0] ?? null
}

async function armedInstants(accountId: string, debtSince: Date | null): Promise<readonly Date[]> {
  const setting = await findRecharge(accountId)
  return [
    ...(setting?.enabled === true && setting.blockedUntil !== null ? [setting.blockedUntil] : []),
    ...(debtSince === null ? [] : [new Date(debtSince.getTime() + OLDEST_DEBT_MS)]),
  ]
}

/**
 * Under a test clock the jobs that a debit queues may run only after the clock has gone on by months: there a balance that calls for a
 * recharge, and debt that nobody has looked at, are due at once.
 */
async function isCalledFor(
  { accountId, recharge, policy }: AccountTerms,
  at: Date,
  { state, debtSince }: AutoCharge,
): Promise<boolean> {
  if (state.status !== 'armed') return false
  const pool = (await readBooks(accountId)).find(
    ({ wallet }) => wallet.memberId === null && wallet.assetCode === PURCHASED_ASSET,
  )
  if (pool === undefined) return false
  const { book } = bookDue(pool, at)
  const cutover = cutoverOf(policy.billing_mode)
  const isByCard = policy.at_zero === 'charge_card' && (cutover === null || cutover <= at)
  return isRechargeDue(recharge, rechargeLevel(book, at)) || (isByCard && debtSince === null && book.wallet.debt > 0n)
}
