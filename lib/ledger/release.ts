import { ZERO_AMOUNT } from '@/lib/money/amount'
import { err, ok, type Result } from '@/lib/result'
import { indexOfGrant, moveHeld } from './book'
import { lapseFreed } from './expire'
import { outstandingOf, type HoldOutcome, type InvalidHoldState } from './hold'
import { inTurn, settleDebt, type Postings } from './settle'
import type { Book, HoldState, HoldStatus } from './types'

/** A book and a hold after an operation that may also write entries. */
export type HoldPostings = Postings & HoldOutcome

/**
 * Frees what a hold still pins, to the same grants, and closes it. What comes free in a grant past its expiry goes straight to an `expiry`
 * entry, in a voided one to a `reversal`, and unscoped credit repays debt. Releasing twice gives the same answer and writes nothing;
 * a captured hold is refused.
 */
export function release(book: Book, state: HoldState, at: Date): Result<HoldPostings, InvalidHoldState> {
  if (state.status === 'captured') return err({ code: 'invalid_state', status: state.status })
  return ok(state.status === 'open' ? closeHold(book, state, 'released', at) : { book, hold: state, entries: [] })
}

/** Closes an open hold at its expiry instant: `release`, dated then. The caller has won the compare-and-set on its status. */
export function expireHold(book: Book, state: HoldState): HoldPostings {
  return state.status === 'open'
    ? closeHold(book, state, 'expired', state.expiresAt)
    : { book, hold: state, entries: [] }
}

/** Frees what a hold still pins and gives it its last status. */
export function closeHold(book: Book, state: HoldState, status: Exclude<HoldStatus, 'open'>, at: Date): HoldPostings {
  const freed = state.parts.filter((part) => part.held > 0n)
  const closed: HoldState = {
    ...state,
    status,
    released: outstandingOf(state),
    parts: state.parts.map((part) => ({ ...part, held: ZERO_AMOUNT })),
  }
  if (freed.length === 0) return { book, hold: closed, entries: [] }
  const moves = freed.map((part) => ({ index: indexOfGrant(book, part.grantId), held: -part.held }))
  const grantIds = freed.map((part) => part.grantId)
  const postings = inTurn(
    { book: moveHeld(book, moves), entries: [] },
    (current) => lapseFreed(current, grantIds, at),
    (current) => settleDebt(current, at),
  )
  return { ...postings, hold: closed }
}
