import 'server-only'

import { actorLabel, type Actor } from '@/lib/auth/rules/actor'
import { can } from '@/lib/auth/rules/permissions'
import { accountClock, type Clock } from '@/lib/clock'
import { lockAccountTerms, readAccountTerms, touchAccountTerms, type AccountTerms } from '@/lib/db/account-terms'
import { lockAutoCharge } from '@/lib/db/auto-charges'
import { lockBook } from '@/lib/db/books'
import { findDefaultCard } from '@/lib/db/cards'
import { readCatalogue } from '@/lib/db/catalogue'
import { enqueueRecharge } from '@/lib/db/charge-jobs'
import type { Account } from '@/lib/db/organizations'
import { inTransaction, type Tx } from '@/lib/db/pool'
import { saveRecharge, sumRecharged } from '@/lib/db/recharges'
import type { PurserError } from '@/lib/errors'
import type { Book } from '@/lib/ledger/types'
import { formatDollars, parseDollars, type Cents } from '@/lib/money/cents'
import { err, ok, type Result } from '@/lib/result'
import { periodOf } from '@/lib/usage/rules/period'

import { creditPrice } from '../rules/credit-price'
import { PURCHASED_ASSET } from '../payments/open-payment'
import { readPurchaseExpiry } from './read-purchase-expiry'
import { readRechargeLevel } from './read-recharge-level'
import type { SetRecharge } from '../recharge-contract'
import { mayCharge } from '../rules/auto-charge'
import { planRecharge, type PlannedRecharge } from '../rules/plan-recharge'
import { cutoverOf } from '../rules/postpaid'
import { isRechargeDue, isWithinCap, rechargeCents, type CreditPrice } from '../rules/recharge'

/** Auto-recharge is on, or the person has to agree first to what is charged at once. Dollars; null: nothing is charged now. */
export type RechargeSet =
  | { readonly status: 'saved'; readonly chargedNowUsd: string | null }
  | { readonly status: 'needs_confirmation'; readonly chargeNowUsd: string }

/**
 * Turns auto-recharge on, or changes it. A balance that calls for a charge already makes one at once: it is named and has to be confirmed
 * to the cent, so a form that was read before the balance moved asks again. An attempt that is under way is not touched. Locks the account, then the wallet.
 * Errors: `forbidden`, `invalid_state` (no saved default card), `invalid_input`.
 */
export async function setRecharge(
  actor: Actor,
  account: Account,
  input: SetRecharge,
  clock: Clock,
): Promise<Result<RechargeSet, PurserError>> {
  if (!can(actor, 'recharge:manage', account)) return err({ code: 'forbidden' })
  const now = accountClock(account, clock).now()
  return inTransaction((tx) => set(tx, actor, account, input, now))
}

async function set(
  tx: Tx,
  actor: Actor,
  account: Account,
  input: SetRecharge,
  now: Date,
): Promise<Result<RechargeSet, PurserError>> {
  await lockAccountTerms(tx, account.id)
  const terms = (await readAccountTerms(tx, [account.id])).get(account.id)
  const asset = (await readCatalogue(account.mode, tx)).assets.get(PURCHASED_ASSET)
  if (terms === undefined || asset === undefined) throw new Error(`account ${account.id} has nothing to recharge`)
  const price = creditPrice(terms.policy, asset.scale)
  const planned = planRecharge(input, terms.policy, price)
  if (!planned.ok) return planned

  const name = { assetCode: asset.code, scale: asset.scale, memberId: null }
  const book = await lockBook(tx, account.id, name, now)
  if ((await findDefaultCard(tx, account.id)) === null) return err(NO_CARD)
  if ((await readPurchaseExpiry(tx, terms, now)) === null) return err(NO_CONTRACT)
  const charge = await chargeNow(tx, terms, planned.value, price, book, now)
  if (charge !== null && confirmedCents(input) !== charge) {
    return ok({ status: 'needs_confirmation', chargeNowUsd: formatDollars(charge) })
  }
  const setting = { ...planned.value, assetCode: asset.code, enabled: true, disabledReason: null, blockedUntil: null }
  await saveRecharge(tx, account.id, setting, actorLabel(actor), now)
  await touchAccountTerms(tx, account.id)
  if (charge !== null) await enqueueRecharge(tx, account.id)
  return ok({ status: 'saved', chargedNowUsd: charge === null ? null : formatDollars(charge) })
}

const NO_CARD = {
  code: 'invalid_state',
  message: 'Save a card first. Auto-recharge charges your default card.',
} as const

const NO_CONTRACT = {
  code: 'invalid_state',
  message: 'Credits expire with your contract, and there is none that runs. Ask your account executive.',
} as const

/** What saving charges at once; null: nothing, or not now. */
async function chargeNow(
  tx: Tx,
  { accountId, policy, timeZone }: AccountTerms,
  { threshold, size, monthlyCapCents }: PlannedRecharge,
  price: CreditPrice,
  book: Book,
  now: Date,
): Promise<Cents | null> {
  const terms = { assetCode: book.wallet.assetCode, threshold, trigger: policy.recharge_trigger }
  const level = await readRechargeLevel(tx, book, now)
  const cutover = cutoverOf(policy.billing_mode)
  const isPrepaid = cutover === null || cutover <= now
  const { state } = await lockAutoCharge(tx, accountId)
  if (!isPrepaid || !mayCharge(state, now) || !isRechargeDue(terms, level)) return null
  const charge = rechargeCents(terms, size, level, price)
  const month = periodOf(now, timeZone, 1, 'month')
  const charged = await sumRecharged(tx, accountId, month.start, month.end)
  return isWithinCap(monthlyCapCents, charged, charge) ? charge : null
}

function confirmedCents({ confirmedCharge }: SetRecharge): Cents | null {
  if (confirmedCharge === undefined) return null
  const parsed = parseDollars(confirmedCharge)
  return parsed.ok ? parsed.value : null
}
