import type { FieldError } from '@/lib/errors'
import { formatQuantity, formatUnitPrice, type Quantity, type UnitPrice } from '@/lib/money/quantity'

/** One metered fact as the operator's backend reports it. What was not sent is null. */
export type UsageEvent = {
  /** The caller's own id, unique per billing account. */
  readonly id: string
  /** The organization by id or external id. */
  readonly organization: string
  readonly meter: string
  readonly quantity: Quantity
  /** Null: when it is decided. */
  readonly occurredAt: Date | null
  readonly member: string | null
  readonly key: string | null
  readonly resource: string | null
  readonly model: string | null
  readonly feature: string | null
  readonly dimensions: Readonly<Record<string, string>>
  /** What the event cost the operator, in 10^-12 USD. */
  readonly cost: UnitPrice | null
}

const HOUR_MS = 3_600_000
const LONGEST_DELAY_MS = 34 * 24 * HOUR_MS
const LONGEST_LEAD_MS = 300_000

/**
 * The text whose hash tells a replay from a conflict (ledger.md, Idempotency). Equal for bodies that say the same: numbers or
 * strings, keys in any order, one instant at any offset, `occurred_at` left out both times. The id and the organization are
 * not part of it: they are the key that the body is remembered under, and an organization may be named in two ways.
 */
export function canonicalUsageBody(event: UsageEvent): string {
  return JSON.stringify([
    event.meter,
    formatQuantity(event.quantity),
    event.occurredAt === null ? null : event.occurredAt.toISOString(),
    event.member,
    event.key,
    event.resource,
    event.model,
    event.feature,
    Object.entries(event.dimensions).sort(([left], [right]) => (left < right ? -1 : 1)),
    event.cost === null ? null : formatUnitPrice(event.cost),
  ])
}

/** Refuses an event that occurred more than 34 days ago or more than 5 minutes from now (api.md, Usage event). */
export function refuseOccurredAt(occurredAt: Date, now: Date): FieldError | null {
  const ageMs = now.getTime() - occurredAt.getTime()
  if (ageMs > LONGEST_DELAY_MS) return { path: 'occurred_at', message: 'Use an instant within the last 34 days.' }
  if (ageMs < -LONGEST_LEAD_MS) {
    return { path: 'occurred_at', message: 'Use an instant at most 5 minutes from now. Check your clock.' }
  }
  return null
}
