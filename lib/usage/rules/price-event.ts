import type { PurserError } from '@/lib/errors'
import { err, ok, type Result } from '@/lib/result'
import { localDay, periodOf } from './period'
import type { Price } from './price'
import { priceInForce } from './price-in-force'
import { refuseOccurredAt, type UsageEvent } from './usage-event'

/** What the price list says about a meter. */
export type MeteredAt = {
  readonly name: string
  readonly unit: 'count' | 'second' | 'hour'
  readonly versions: readonly Price[]
}

/** Where an account's days and months begin. */
export type AccountCalendar = { readonly timeZone: string; readonly anchorDay: number }

/** A usage event with the price that was in force when it occurred, and the periods it counts in. */
export type PricedEvent = {
  readonly event: UsageEvent
  readonly price: Price
  readonly meterName: string
  readonly meterUnit: MeteredAt['unit']
  readonly occurredAt: Date
  /** Where the period starts that packages and tiers are counted in. */
  readonly periodStart: Date
  /** The account's calendar day, `YYYY-MM-DD`. */
  readonly day: string
}

/**
 * Finds what a usage event costs a unit of: the price in force at `occurred_at` (api.md, Readings).
 * Errors: `invalid_input` (occurred_at), `unknown_meter`, `unpriced`: none of them is ever taken for a price of zero.
 */
export function priceEvent(
  event: UsageEvent,
  meter: MeteredAt | null,
  calendar: AccountCalendar,
  now: Date,
): Result<PricedEvent, PurserError> {
  const occurredAt = event.occurredAt ?? now
  const refusal = refuseOccurredAt(occurredAt, now)
  if (refusal !== null) return err({ code: 'invalid_input', errors: [refusal] })
  if (meter === null) return err({ code: 'unknown_meter', meter: event.meter })
  const price = priceInForce(meter.versions, occurredAt)
  if (price === null) return err({ code: 'unpriced', meter: event.meter })
  return ok({
    event,
    price,
    meterName: meter.name,
    meterUnit: meter.unit,
    occurredAt,
    periodStart: periodOf(occurredAt, calendar.timeZone, calendar.anchorDay, price.period).start,
    day: localDay(occurredAt, calendar.timeZone),
  })
}
