import { amount, LARGEST_AMOUNT, smallerAmount, type Amount } from '@/lib/money/amount'
import { err, ok, type Result } from '@/lib/result'
import { indexOfGrant, post, type GrantMove } from './book'
import { isHoldDue, type InvalidHoldState } from './hold'
import { closeHold, expireHold, type HoldPostings } from './release'
import { planDraw } from './spend'
import type { Book, EntryDraft, HoldPart, HoldState, OutOfRange, SpendContext } from './types'

/** A capture that is to be decided. */
export type Capture = {
  /** Zero or more. */
  readonly amount: Amount
  /** Whether anything was used, though it may cost nothing. Nothing used, and final, releases the hold. */
  readonly hasUsage: boolean
  /** Whether the hold closes: what it still pins is released. */
  readonly isFinal: boolean
  /** `context.at` decides whether the capture is late, and which grants pay for what the hold does not. */
  readonly context: SpendContext
  readonly occurredAt: Date
}

/** What a capture did. `entry` is the `usage` entry, null for an amount of zero; `entries` has it and whatever the capture set free to be booked. */
export type CapturePosting = HoldPostings & {
  readonly entry: EntryDraft | null
  readonly isLate: boolean
}

/**
 * Charges usage to a hold: its pinned grants pay first, in the order in which they were pinned; what goes beyond the hold is spent like a
 * plain debit, and what no grant covers becomes debt, whatever the policy, for the work was done (ledger.md, "Authorize, capture, release").
 * Only a final capture closes the hold. Past its expiry the hold frees its credit first and the capture is a plain debit, flagged late.
 * Refused on a captured or released hold.
 */
export function capture(
  book: Book,
  state: HoldState,
  request: Capture,
): Result<CapturePosting, InvalidHoldState | OutOfRange> {
  if (request.amount < 0n) throw new RangeError(`capture: the amount must not be negative: ${request.amount}`)
  if (state.status === 'captured' || state.status === 'released') {
    return err({ code: 'invalid_state', status: state.status })
  }
  const isLate = state.status === 'expired' || isHoldDue(state, request.context.at)
  const start: HoldPostings = isLate ? expireHold(book, state) : { book, hold: state, entries: [] }
  const charged = charge(start, request)
  if (charged === null) return err({ code: 'out_of_range' })
  if (isLate || !request.isFinal) return ok({ ...charged, isLate })

  const status = request.hasUsage || charged.hold.captured > 0n ? 'captured' : 'released'
  const closed = closeHold(charged.book, charged.hold, status, request.context.at)
  return ok({ ...closed, entries: [...charged.entries, ...closed.entries], entry: charged.entry, isLate })
}

function charge(start: HoldPostings, request: Capture): (HoldPostings & Pick<CapturePosting, 'entry'>) | null {
  if (request.amount === 0n) return { ...start, entry: null }
  const pinned = takePinned(start.book, start.hold.parts, request.amount)
  const unpinned = amount(request.amount - pinned.covered)
  const draw = planDraw(start.book, request.context, unpinned)
  const uncovered = unpinned - draw.covered
  if (start.book.wallet.debt + uncovered > LARGEST_AMOUNT) return null
  const { book, entry } = post(start.book, {
    kind: 'usage',
    occurredAt: request.occurredAt,
    moves: [...pinned.moves, ...draw.moves],
    debtChange: uncovered,
  })
  const captured = amount(start.hold.captured + request.amount)
  return { book, hold: { ...start.hold, captured, parts: pinned.parts }, entries: [...start.entries, entry], entry }
}

function takePinned(book: Book, parts: readonly HoldPart[], wanted: Amount) {
  let rest = wanted
  const moves: GrantMove[] = []
  const left = parts.map((part) => {
    const taken = smallerAmount(part.held, rest)
    if (taken === 0n) return part
    rest = amount(rest - taken)
    moves.push({ index: indexOfGrant(book, part.grantId), remaining: -taken, held: -taken })
    return { ...part, held: amount(part.held - taken) }
  })
  return { moves, parts: left, covered: amount(wanted - rest) }
}
