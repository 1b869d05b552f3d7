import 'server-only'

import { describeDueEntries } from '@/lib/db/due'
import type { Reservations } from '@/lib/db/holds'
import { showId } from '@/lib/db/ids'
import type { PurserError } from '@/lib/errors'
import { summarize } from '@/lib/ledger/balance'
import { capture, type CapturePosting } from '@/lib/ledger/capture'
import { formatAmount, type Amount } from '@/lib/money/amount'
import { quantity, ZERO_QUANTITY, type Quantity } from '@/lib/money/quantity'
import { err, ok, type Result } from '@/lib/result'

import type { CaptureAnswer } from '../authorization-contract'
import { refusalOf } from '../rules/charge-event'
import {
  allowanceOf,
  holdOf,
  moveAllowance,
  walletOf,
  type AccountDesk,
  type DeskHold,
  type OpenWallet,
} from './account-desk'
import { invalidHoldState } from './decide-hold'
import type { Cost, Prepared } from './prepare'
import { contextOf, countCost, countUnderLimits, rateCost } from './rate-cost'
import { limitsOf } from './read-counters'
import { layEvent, usageEntry } from './record-event'
import { giveBack } from './reservations'
import type { CaptureRequest } from './request'

/**
 * Decides a capture: the work was done, so no limit and no missing credit refuses it (api.md, Readings). The event id of an earlier usage
 * event is refused. Errors: idempotency_conflict, invalid_state, invalid_input, unpriced, unknown_meter.
 */
export function decideCapture(
  desk: AccountDesk,
  prepared: Prepared,
  request: CaptureRequest,
): Result<CaptureAnswer, PurserError> {
  if (desk.recorded.has(request.eventId)) return err({ code: 'idempotency_conflict' })
  if (!prepared.understood.ok) return prepared.understood
  const { wallet: name, cost } = prepared.understood.value
  if (cost.kind === 'nothing') throw new Error('a capture says how much')
  const wallet = walletOf(desk, name.assetCode, name.memberId)
  const hold = holdOf(desk, request.hold.state.id)
  const rated = rateCost(desk, cost, hold.now.reservations.allowance)
  if (!rated.ok) return rated
  const { amount, occurredAt, covered } = rated.value
  const context = contextOf(prepared)
  const captured = capture(wallet.now, hold.now.state, {
    ...{ amount, occurredAt, context },
    isFinal: request.isFinal,
    hasUsage: amount > 0n || (cost.kind === 'priced' && cost.priced.event.quantity > 0n),
  })
  if (!captured.ok) {
    const { error } = captured
    return err(
      error.code === 'invalid_state'
        ? invalidHoldState(error.status)
        : refusalOf(error, { asset: name.assetCode, scale: name.scale }),
    )
  }

  const entryId = layCapture(desk, wallet, prepared, { request, cost, posting: captured.value })
  drawAllowance(desk, hold, cost, covered)
  giveBack(desk, wallet, hold, captured.value.hold)
  countCost(desk, cost, rated.value)
  countUnderLimits(limitsOf(desk, prepared), amount, 0n)
  const { bodyHash } = request.once
  layEvent(desk, prepared, {
    ...{ id: request.eventId, bodyHash, cost, rated: rated.value, entryId, wallet, assetCode: name.assetCode },
  })
  return ok(answerOf(desk, wallet, hold, { amount, entryId, isLate: captured.value.isLate }))
}

/** Puts the entries of a capture on the desk: the usage, and whatever it set free to be booked. Answers the usage entry's id. */
function layCapture(
  desk: AccountDesk,
  wallet: OpenWallet,
  prepared: Prepared,
  done: {
    readonly request: CaptureRequest
    readonly cost: Parameters<typeof usageEntry>[2]['cost']
    readonly posting: CapturePosting
  },
): string | null {
  const { request, cost, posting } = done
  let entryId: string | null = null
  for (const draft of posting.entries) {
    if (draft === posting.entry) {
      const event = { id: request.eventId, cost, now: desk.now, hold: request.hold.state.id }
      const entry = usageEntry(draft, prepared, event)
      entryId = entry.details.id
      wallet.entries.push(entry)
    } else {
      wallet.entries.push(...describeDueEntries(posting.book, [draft], desk.now, 'job:due'))
    }
  }
  wallet.now = posting.book
  return entryId
}

/** What a hold has reserved of the very allowance that a capture draws on: one of another plan period is no help to it. */
function reservedFor({ now: { reservations } }: DeskHold, cost: Cost): Reservations['allowance'] {
  const { allowance } = reservations
  if (allowance === null || cost.kind !== 'priced') return null
  return cost.allowancePeriod?.getTime() === allowance.periodStart.getTime() ? allowance : null
}

/** What an allowance covered is no longer reserved of it. */
function drawAllowance(desk: AccountDesk, hold: DeskHold, cost: Cost, covered: Quantity): void {
  const allowance = reservedFor(hold, cost)
  if (allowance === null || covered === 0n) return
  const used = covered < allowance.quantity ? covered : allowance.quantity
  moveAllowance(allowanceOf(desk, allowance.meter, allowance.periodStart), ZERO_QUANTITY, -used)
  const left = { ...allowance, quantity: quantity(allowance.quantity - used) }
  hold.now = { ...hold.now, reservations: { ...hold.now.reservations, allowance: left } }
}

function answerOf(
  desk: AccountDesk,
  wallet: OpenWallet,
  { now: { state, assetCode, scale } }: DeskHold,
  done: { readonly amount: Amount; readonly entryId: string | null; readonly isLate: boolean },
): CaptureAnswer {
  const show = (value: Amount): string => formatAmount(value, scale)
  return {
    status: state.status,
    captured: show(state.captured),
    released: show(state.released),
    late: done.isLate,
    entry: done.entryId === null ? null : showId('ent', done.entryId),
    amount: show(done.amount),
    asset: assetCode,
    balance: show(wallet.now.wallet.balance),
    available: show(summarize(wallet.now, desk.now).available),
  }
}
