import 'server-only'

import { actorLabel } from '@/lib/auth/rules/actor'
import type { StoredHold } from '@/lib/db/holds'
import type { PurserError } from '@/lib/errors'
import { hold } from '@/lib/ledger/hold'
import { formatAmount } from '@/lib/money/amount'
import { ZERO_QUANTITY } from '@/lib/money/quantity'
import { err, ok, type Result } from '@/lib/result'

import { refusalOf } from '../rules/charge-event'
import { mayOwe, shortfallOf } from '../rules/shortfall'
import { allowanceOf, moveAllowance, walletOf, type AccountDesk, type OpenWallet } from './account-desk'
import type { Cost, NamedWallet, Prepared } from './prepare'
import { contextOf, countUnderLimits, placesOf, rateCost, refuseOverLimit, type RatedCost } from './rate-cost'
import { limitsOf, type CountedLimit } from './read-counters'
import { unpinnedBy } from './reservations'
import type { AuthorizeRequest } from './request'

const SECOND_MS = 1_000

/** An authorization that may be made: what it sets aside, and under which limits. */
type Admitted = {
  readonly wallet: OpenWallet
  readonly name: NamedWallet
  readonly cost: Cost
  readonly rated: RatedCost
  readonly limits: readonly CountedLimit[]
}

/**
 * Decides an authorization: allowance, price, debt, limits, grants (ledger.md, "Authorize, capture, release"). Pins grants and reserves
 * what it will use of allowance and limits. A refusal changes nothing on the desk. Errors: unknown_meter, unpriced, invalid_input,
 * debt_unsettled, spend_limit_exceeded, insufficient_credits.
 */
export function decideAuthorize(
  desk: AccountDesk,
  prepared: Prepared,
  request: AuthorizeRequest,
): Result<StoredHold, PurserError> {
  const admitted = admit(desk, prepared)
  if (!admitted.ok) return admitted
  const { wallet, name, cost, rated, limits } = admitted.value
  const { assetCode: asset, scale, memberId } = name
  const held = hold(wallet.now, {
    id: request.holdId,
    amount: rated.amount,
    context: contextOf(prepared),
    expiresAt: new Date(desk.now.getTime() + request.expiresInSeconds * SECOND_MS),
    shortfall: shortfallOf(desk.terms.policy, {
      ...{ isPool: memberId === null, scale, unpinned: wallet.unpinned },
      occurredAt: desk.now,
    }),
  })
  if (!held.ok) return err(refusalOf(held.error, { asset, scale }))

  wallet.now = held.value.book
  wallet.unpinned = unpinnedWith(wallet, held.value.hold)
  countUnderLimits(limits, 0n, rated.amount)
  const stored: StoredHold = {
    ...{ accountId: desk.terms.accountId, walletId: wallet.before.wallet.id, assetCode: asset, scale, memberId },
    state: held.value.hold,
    purpose: { ...request.subject, meter: request.size.meter, quantity: quantityOf(cost) },
    reservations: { allowance: reserveAllowance(desk, cost, rated), limits: placesOf(limits) },
    actor: actorLabel(request.actor),
    createdAt: desk.now,
  }
  desk.holds.set(stored.state.id, { now: stored, isNew: true, isChanged: true })
  return ok(stored)
}

/** What an authorization would cost, once nothing but missing credit speaks against it. Changes nothing. */
function admit(desk: AccountDesk, prepared: Prepared): Result<Admitted, PurserError> {
  if (!prepared.understood.ok) return prepared.understood
  const { wallet: name, cost } = prepared.understood.value
  const wallet = walletOf(desk, name.assetCode, name.memberId)
  const rated = rateCost(desk, cost, null)
  if (!rated.ok) return rated
  const owed = refuseInDebt(desk, wallet, name)
  if (!owed.ok) return owed
  const limits = limitsOf(desk, prepared)
  const allowed = refuseOverLimit(limits, rated.value.amount)
  return allowed.ok ? ok({ wallet, name, cost, rated: rated.value, limits }) : allowed
}

/** Work that is not begun yet waits until what is owed for earlier work is settled, unless the account may owe. */
function refuseInDebt(desk: AccountDesk, { now }: OpenWallet, name: NamedWallet): Result<null, PurserError> {
  const { debt } = now.wallet
  if (debt === 0n || (name.memberId === null && mayOwe(desk.terms.policy, desk.now))) return ok(null)
  return err({ code: 'debt_unsettled', debt: formatAmount(debt, name.scale), asset: name.assetCode })
}

function unpinnedWith(wallet: OpenWallet, state: StoredHold['state']): OpenWallet['unpinned'] {
  return (wallet.unpinned + unpinnedBy(state)) as OpenWallet['unpinned']
}

function quantityOf(cost: Cost) {
  return cost.kind === 'priced' ? cost.priced.event.quantity : null
}

function reserveAllowance(
  desk: AccountDesk,
  cost: Cost,
  { covered }: RatedCost,
): StoredHold['reservations']['allowance'] {
  if (cost.kind !== 'priced' || cost.allowancePeriod === null || covered === 0n) return null
  const { meter } = cost.priced.event
  moveAllowance(allowanceOf(desk, meter, cost.allowancePeriod), ZERO_QUANTITY, covered)
  return { meter, periodStart: cost.allowancePeriod, quantity: covered }
}
