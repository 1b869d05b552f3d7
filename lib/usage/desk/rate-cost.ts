import 'server-only'

import type { LimitPlace, Reservations } from '@/lib/db/holds'
import type { PurserError } from '@/lib/errors'
import type { SpendContext } from '@/lib/ledger/types'
import type { Amount } from '@/lib/money/amount'
import { quantity, ZERO_QUANTITY, type Quantity } from '@/lib/money/quantity'
import { err, ok, type Result } from '@/lib/result'

import { coverByAllowance, type Coverage } from '../rules/allowance'
import { rateEvent, type RatedEvent } from '../rules/charge-event'
import { decideLimits } from '../rules/limits'
import { allowanceOf, counterOf, countOn, moveAllowance, moveLimit, type AccountDesk } from './account-desk'
import { subjectOf, type Cost, type Prepared } from './prepare'
import type { CountedLimit } from './read-counters'

/** What a request costs, and what the period's counter stood at when it was rated. */
export type RatedCost = RatedEvent & { readonly usedBefore: Quantity; readonly occurredAt: Date }

/** What a hold has reserved of an allowance. */
type OwnReservation = Reservations['allowance']

/**
 * What a request costs by what was used so far: the allowance first, then the price. `own` is what of the allowance the request's own hold
 * has reserved: it is not in its way, in the period in which it was reserved. Changes nothing.
 */
export function rateCost(desk: AccountDesk, cost: Cost, own: OwnReservation): Result<RatedCost, PurserError> {
  switch (cost.kind) {
    case 'nothing':
      throw new Error('what costs nothing is not rated')
    case 'amount':
      return ok({
        ...{ outcome: 'charged', amount: cost.amount, covered: ZERO_QUANTITY, billableQuantity: ZERO_QUANTITY },
        ...{ usedBefore: ZERO_QUANTITY, occurredAt: cost.occurredAt },
      })
    case 'priced': {
      const { event, periodStart, occurredAt } = cost.priced
      const { used } = counterOf(desk, event.meter, periodStart)
      const rated = rateEvent(cost.priced, coverageOf(desk, cost, own), used)
      return rated.ok ? ok({ ...rated.value, usedBefore: used, occurredAt }) : rated
    }
  }
}

/** Counts what was rated on: the period's packages and tiers, and what the allowance covered. */
export function countCost(desk: AccountDesk, cost: Cost, rated: RatedCost): void {
  if (cost.kind !== 'priced') return
  const { event, periodStart } = cost.priced
  countOn(counterOf(desk, event.meter, periodStart), rated.billableQuantity)
  if (cost.allowancePeriod !== null && rated.covered > 0n) {
    moveAllowance(allowanceOf(desk, event.meter, cost.allowancePeriod), rated.covered, 0n)
  }
}

/** Refuses an amount that a spend limit blocks, naming the tightest one. */
export function refuseOverLimit(limits: readonly CountedLimit[], amount: Amount): Result<null, PurserError> {
  const { isAllowed, tightest } = decideLimits(
    limits.map(({ limit }) => limit),
    amount,
  )
  if (isAllowed || tightest === null) return ok(null)
  return err({ code: 'spend_limit_exceeded', limit: tightest.id })
}

/** Counts an amount under the spend limits that apply: spent, or set aside. Limits that share a counter, to warn and to stop, count it once. */
export function countUnderLimits(limits: readonly CountedLimit[], used: bigint, reserved: bigint): void {
  for (const counter of new Set(limits.map((limit) => limit.counter))) moveLimit(counter, used, reserved)
}

/** The counters in which a hold under these limits is reserved, each once. */
export function placesOf(limits: readonly CountedLimit[]): readonly LimitPlace[] {
  return [...new Map(limits.map(({ counter, place }) => [counter, place])).values()]
}

/** What grants are asked of a request: the instant of the decision, and the names that scopes use. */
export function contextOf({ request, now }: Prepared): SpendContext {
  const { member, model, feature } = subjectOf(request)
  const meter = meterOf(request)
  return {
    at: now,
    ...(meter === null ? {} : { meter }),
    ...(model === null ? {} : { model }),
    ...(member === null ? {} : { member }),
    ...(feature === null ? {} : { feature }),
  }
}

/** The meter that a request counts, or null when it names an amount of none. */
export function meterOf(request: Prepared['request']): string | null {
  switch (request.kind) {
    case 'record':
      return request.event.meter
    case 'authorize':
      return request.size.meter
    default:
      return request.hold.purpose.meter
  }
}

function coverageOf(desk: AccountDesk, cost: Extract<Cost, { kind: 'priced' }>, own: OwnReservation): Coverage {
  const { event } = cost.priced
  const included = desk.terms.plan?.allowances.get(event.meter)
  if (cost.allowancePeriod === null || included === undefined) {
    return { covered: ZERO_QUANTITY, rest: event.quantity }
  }
  const { covered, reserved } = allowanceOf(desk, event.meter, cost.allowancePeriod)
  const isOwnPeriod = own?.periodStart.getTime() === cost.allowancePeriod.getTime()
  const byOthers = reserved - (own !== null && isOwnPeriod ? own.quantity : 0n)
  return coverByAllowance(event.quantity, included, quantity(covered + (byOthers > 0n ? byOthers : 0n)))
}
