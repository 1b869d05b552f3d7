import 'server-only'

import { outstandingOf, pinnedBy } from '@/lib/ledger/hold'
import type { HoldState } from '@/lib/ledger/types'
import { amount, ZERO_AMOUNT, type Amount } from '@/lib/money/amount'
import { ZERO_QUANTITY } from '@/lib/money/quantity'

import { allowanceOf, limitCounterOf, moveAllowance, moveLimit } from './account-desk'
import type { AccountDesk, DeskHold, OpenWallet } from './account-desk'

/**
 * Moves a hold to its next state and gives back what it no longer needs: its share of spend limits and of an overdraft shrinks with what is
 * outstanding; a hold that is closed also gives back what is left of the allowance it reserved.
 */
export function giveBack(desk: AccountDesk, wallet: OpenWallet, hold: DeskHold, next: HoldState): void {
  const { state, reservations, assetCode, accountId } = hold.now
  const freed = outstandingOf(state) - outstandingOf(next)
  for (const place of reservations.limits) {
    moveLimit(limitCounterOf(desk, { ...place, accountId, asset: assetCode }), 0n, -freed)
  }
  wallet.unpinned = notBelowZero(wallet.unpinned - unpinnedBy(state) + unpinnedBy(next))
  const { allowance } = reservations
  const isClosed = next.status !== 'open'
  if (isClosed && allowance !== null) {
    moveAllowance(allowanceOf(desk, allowance.meter, allowance.periodStart), ZERO_QUANTITY, -allowance.quantity)
  }
  const kept = isClosed ? { allowance: null, limits: reservations.limits } : reservations
  hold.now = { ...hold.now, state: next, reservations: kept }
  hold.isChanged = true
}

/** What an open hold was allowed beyond its grants, by an overdraft. */
export function unpinnedBy(state: HoldState): Amount {
  return state.status === 'open' ? notBelowZero(outstandingOf(state) - pinnedBy(state)) : ZERO_AMOUNT
}

function notBelowZero(value: bigint): Amount {
  return value > 0n ? amount(value) : ZERO_AMOUNT
}
