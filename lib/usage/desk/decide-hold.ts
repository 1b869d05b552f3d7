import 'server-only'

import type { StoredHold } from '@/lib/db/holds'
import { describeDueEntries } from '@/lib/db/due'
import type { PurserError } from '@/lib/errors'
import { extendHold } from '@/lib/ledger/hold'
import { release } from '@/lib/ledger/release'
import type { HoldStatus } from '@/lib/ledger/types'
import { err, ok, type Result } from '@/lib/result'

import { holdOf, walletOf, type AccountDesk } from './account-desk'
import { giveBack } from './reservations'
import type { ExtendRequest, ReleaseRequest } from './request'

const SECOND_MS = 1_000

/** Frees what a hold still pins, to the same grants. Releasing twice gives the same answer. Errors: invalid_state (captured). */
export function decideRelease(desk: AccountDesk, request: ReleaseRequest): Result<StoredHold, PurserError> {
  const hold = holdOf(desk, request.hold.state.id)
  const wallet = walletOf(desk, hold.now.assetCode, hold.now.memberId)
  const released = release(wallet.now, hold.now.state, desk.now)
  if (!released.ok) return err(invalidHoldState(released.error.status))
  const { book, entries, hold: state } = released.value
  if (state === hold.now.state) return ok(hold.now)
  wallet.now = book
  wallet.entries.push(...describeDueEntries(book, entries, desk.now, 'job:due'))
  giveBack(desk, wallet, hold, state)
  return ok(hold.now)
}

/** Moves the expiry of a hold that is still open. Errors: invalid_state. */
export function decideExtend(desk: AccountDesk, request: ExtendRequest): Result<StoredHold, PurserError> {
  const hold = holdOf(desk, request.hold.state.id)
  const expiresAt = new Date(desk.now.getTime() + request.expiresInSeconds * SECOND_MS)
  const extended = extendHold(hold.now.state, expiresAt, desk.now)
  if (!extended.ok) return err(invalidHoldState(extended.error.status))
  hold.now = { ...hold.now, state: extended.value }
  hold.isChanged = true
  return ok(hold.now)
}

/** Why nothing can be done with a hold any more, in words. */
export function invalidHoldState(status: HoldStatus): PurserError {
  const message = `This authorization is ${status}${status === 'open' ? '' : ', which is final'}. Authorize again.`
  return { code: 'invalid_state', message }
}
