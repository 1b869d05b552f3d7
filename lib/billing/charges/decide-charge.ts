import 'server-only'

import { lockAccountTerms, readAccountTerms, touchAccountTerms, type AccountTerms } from '@/lib/db/account-terms'
import { lockAutoCharge, type AutoCharge } from '@/lib/db/auto-charges'
import { lockBook } from '@/lib/db/books'
import { readCatalogue } from '@/lib/db/catalogue'
import { withDueEntries } from '@/lib/db/due'
import { payInvoices } from '@/lib/db/invoices'
import { saveBook } from '@/lib/db/journal'
import type { Account } from '@/lib/db/organizations'
import type { Payment } from '@/lib/db/payments'
import type { Tx } from '@/lib/db/pool'
import { blockRecharge, readRecharge, sumRecharged } from '@/lib/db/recharges'
import type { Book } from '@/lib/ledger/types'
import { amount } from '@/lib/money/amount'
import { periodOf } from '@/lib/usage/rules/period'

import { closePeriods, uninvoicedFrom } from './close-periods'
import { creditPrice } from '../rules/credit-price'
import { issueInvoice } from './issue-invoice'
import { keepAutoCharge } from './keep-auto-charge'
import { openCharge } from './open-charge'
import { PURCHASED_ASSET } from '../payments/open-payment'
import { readDebtParts, type OpenDebt } from './read-debt-parts'
import { NEVER, readPurchaseExpiry } from './read-purchase-expiry'
import { readRechargeLevel } from './read-recharge-level'
import { endBackOff, mayCharge } from '../rules/auto-charge'
import { isDebtDue, planCharge, type ChargeOccasion, type RechargeChance } from '../rules/plan-charge'
import { cutoverOf } from '../rules/postpaid'
import { capNotices, type CapNotice, type CreditPrice } from '../rules/recharge'

/** What was decided: an attempt that is committed and not yet known to Stripe, or why there is none. */
export type ChargeDecided =
  | { readonly status: 'opened'; readonly payment: Payment; readonly capNotices: readonly CapNotice[] }
  | { readonly status: 'nothing' | 'waiting' | 'blocked_by_cap' | 'no_card' }

/** Everything that is decided on, under the wallet's lock. */
type Desk = {
  readonly tx: Tx
  readonly account: Account
  readonly terms: AccountTerms
  readonly price: CreditPrice
  readonly book: Book
  readonly cutover: Date | null
  readonly occasion: ChargeOccasion
  readonly now: Date
}

/**
 * Decides what an account is charged for now without a person, and commits the attempt: closes the months that have ended, then asks
 * `planCharge`. `now` is the account's time. Locks the account, the wallet, then the account's automatic charges.
 */
export async function decideCharge(
  tx: Tx,
  account: Account,
  occasion: ChargeOccasion,
  now: Date,
): Promise<ChargeDecided> {
  await lockAccountTerms(tx, account.id)
  const terms = (await readAccountTerms(tx, [account.id])).get(account.id)
  const asset = (await readCatalogue(account.mode, tx)).assets.get(PURCHASED_ASSET)
  if (terms === undefined || asset === undefined) throw new Error(`account ${account.id} has nothing to be charged for`)
  const locked = await lockBook(tx, account.id, { assetCode: asset.code, scale: asset.scale, memberId: null }, now)
  const { book, entries } = withDueEntries(locked, now)
  if (entries.length > 0) await saveBook(tx, locked, book, entries)

  const before = await lockAutoCharge(tx, account.id)
  const price = creditPrice(terms.policy, asset.scale)
  const cutover = cutoverOf(terms.policy.billing_mode)
  const desk: Desk = { tx, account, terms, price, book, cutover, occasion, now }
  const { timeZone } = terms
  const closed =
    cutover === null ? before : await closePeriods(tx, account, book.wallet, before, { cutover, timeZone, price }, now)
  return decideOpenDebt(desk, before, closed)
}

/** Debt of the closed periods is on invoices; what is left is looked at together with the recharge. */
async function decideOpenDebt(desk: Desk, before: AutoCharge, closed: AutoCharge): Promise<ChargeDecided> {
  const { tx, account, terms, price, book, cutover, occasion, now } = desk
  const isAccruing = cutover !== null && uninvoicedFrom(account, closed) < cutover
  const isByCard = terms.policy.at_zero === 'charge_card'
  const due = { limitCents: terms.policy.debt_limit_cents, occasion, now, price }

  const known = await readDebtParts(tx, book.wallet, closed.invoicedUntil, now)
  const { late, fresh } = known.parts
  const waiting = amount(isAccruing ? 0n : (isByCard ? fresh : 0n) + late)
  const charge = { ...closed, debtSince: waiting === 0n ? null : (closed.debtSince ?? now) }
  const isWaitedFor = isDebtDue(waiting, charge.debtSince, due)
  const open = isWaitedFor && late > 0n ? await issueSupplement(desk, charge) : known

  if (!mayCharge(charge.state, now)) return keep(desk, before, charge, 'waiting')
  if (open.unpaid.length > 0 && open.parts.invoiced === 0n) await payInvoices(tx, account.id, null, now)
  const recharge = await rechargeChance(desk)
  const situation = { price, isAccruing, unpaid: open.unpaid, debt: open.parts }
  const decision = planCharge({ ...situation, isDebtDue: isByCard && isWaitedFor, recharge })
  if (decision.kind === 'blocked_by_cap') await blockUntilNextMonth(desk)
  if (decision.kind !== 'charge') return keep(desk, before, charge, decision.kind)

  const expiry = (await readPurchaseExpiry(tx, terms, now)) ?? NEVER
  const bought = { ...expiry, assetCode: book.wallet.assetCode }
  const payment = await openCharge(tx, account, { before, charge }, decision.plan, bought, now)
  if (payment === null) return { status: 'no_card' }
  const isRecharge = decision.plan.kind === 'recharge' && recharge !== null
  const notices = isRecharge ? capNotices(recharge.capCents, recharge.chargedCents, payment.amountCents) : []
  return { status: 'opened', payment, capNotices: notices }
}

async function keep(
  { tx, account, now }: Desk,
  before: AutoCharge,
  charge: AutoCharge,
  status: 'nothing' | 'waiting' | 'blocked_by_cap',
): Promise<ChargeDecided> {
  const isOver = status !== 'waiting' && charge.state.status === 'backing_off'
  await keepAutoCharge(tx, account.id, before, isOver ? { ...charge, state: endBackOff(charge.state) } : charge, now)
  return { status }
}

/** Usage from before the cutover that was reported after the final invoice. */
async function issueSupplement({ tx, book, cutover, terms, price, now }: Desk, charge: AutoCharge): Promise<OpenDebt> {
  if (cutover === null) throw new Error('only an account with a cutover has late debt')
  const period = { kind: 'supplementary', start: cutover, end: now, boundary: cutover } as const
  await issueInvoice(tx, book.wallet, period, { timeZone: terms.timeZone, price, now })
  return readDebtParts(tx, book.wallet, charge.invoicedUntil, now)
}

async function rechargeChance({ tx, account, terms, book, now }: Desk): Promise<RechargeChance | null> {
  const setting = await readRecharge(tx, account.id)
  if (setting === null || !setting.enabled) return null
  if (setting.blockedUntil !== null && setting.blockedUntil > now) return null
  if (setting.blockedUntil !== null) {
    await blockRecharge(tx, account.id, null, now)
    await touchAccountTerms(tx, account.id)
  }
  const month = periodOf(now, terms.timeZone, 1, 'month')
  const { assetCode, threshold, size, monthlyCapCents: capCents } = setting
  return {
    terms: { assetCode, threshold, trigger: terms.policy.recharge_trigger },
    size,
    level: await readRechargeLevel(tx, book, now),
    capCents,
    chargedCents: await sumRecharged(tx, account.id, month.start, month.end),
  }
}

async function blockUntilNextMonth({ tx, account, terms, now }: Desk): Promise<void> {
  await blockRecharge(tx, account.id, periodOf(now, terms.timeZone, 1, 'month').end, now)
  await touchAccountTerms(tx, account.id)
}
