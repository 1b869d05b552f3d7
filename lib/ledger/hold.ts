import { amount, ZERO_AMOUNT, type Amount } from '@/lib/money/amount'
import { err, ok, type Result } from '@/lib/result'
import { grantAt, moveHeld } from './book'
import { planDraw, refuseUncovered } from './spend'
import type { Book, HoldState, InsufficientCredits, OutOfRange, Shortfall, SpendContext } from './types'

/** An authorization that is to be decided. */
export type Authorization = {
  readonly id: string
  /** Zero or more: what a free price authorizes pins nothing. */
  readonly amount: Amount
  readonly context: SpendContext
  readonly expiresAt: Date
  /** `debt` makes no sense before the work is done. */
  readonly shortfall: Exclude<Shortfall, 'debt'>
}

/** A book after an operation on a hold, and the hold. */
export type HoldOutcome = {
  readonly book: Book
  readonly hold: HoldState
}

/** A hold is not in a state that allows this (409 `invalid_state`). */
export type InvalidHoldState = { readonly code: 'invalid_state'; readonly status: HoldState['status'] }

/**
 * Sets credits aside: pins eligible grants in spending order, writes no entry. Under an overdraft the part that no grant covers is
 * authorized but not pinned, so `wallet.held` stays Σ grant.held; the caller takes such parts of other open holds off the limit.
 */
export function hold(book: Book, request: Authorization): Result<HoldOutcome, InsufficientCredits | OutOfRange> {
  if (request.amount < 0n) throw new RangeError(`hold: the amount must not be negative: ${request.amount}`)
  const { moves, covered } = planDraw(book, request.context, request.amount)
  const uncovered = amount(request.amount - covered)
  const refusal = refuseUncovered(book, request.amount, uncovered, request.shortfall)
  if (refusal !== null) return err(refusal)
  const pins = moves.map(({ index, remaining }) => ({ index, held: -remaining }))
  return ok({
    book: pins.length === 0 ? book : moveHeld(book, pins),
    hold: {
      id: request.id,
      amount: request.amount,
      captured: ZERO_AMOUNT,
      released: ZERO_AMOUNT,
      status: 'open',
      expiresAt: request.expiresAt,
      parts: pins.map(({ index, held }) => ({ grantId: grantAt(book.grants, index).id, held: amount(held) })),
    },
  })
}

/** Moves the expiry of a hold that is still open at `at`. How far it may move (24 h at most) is for the verb to say. */
export function extendHold(state: HoldState, expiresAt: Date, at: Date): Result<HoldState, InvalidHoldState> {
  if (state.status !== 'open') return err({ code: 'invalid_state', status: state.status })
  if (isHoldDue(state, at)) return err({ code: 'invalid_state', status: 'expired' })
  return ok({ ...state, expiresAt })
}

/** Whether an open hold is at or past its expiry instant: from then on its credit is free for any decision (api.md). */
export function isHoldDue(state: HoldState, at: Date): boolean {
  return state.status === 'open' && state.expiresAt <= at
}

/** What a hold still pins. */
export function pinnedBy(state: HoldState): Amount {
  return amount(state.parts.reduce((sum, part) => sum + part.held, 0n))
}

/** What a hold still sets aside, pinned or allowed by an overdraft. */
export function outstandingOf(state: HoldState): Amount {
  const rest = state.amount - state.captured - state.released
  return rest > 0n ? amount(rest) : ZERO_AMOUNT
}
