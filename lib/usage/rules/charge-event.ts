import type { PurserError } from '@/lib/errors'
import { spend } from '@/lib/ledger/spend'
import type { Posting } from '@/lib/ledger/book'
import type { Book, Shortfall, SpendContext } from '@/lib/ledger/types'
import { formatAmount, ZERO_AMOUNT, type Amount } from '@/lib/money/amount'
import { ZERO_QUANTITY, type Quantity } from '@/lib/money/quantity'
import { err, ok, type Result } from '@/lib/result'
import type { Coverage } from './allowance'
import type { PricedEvent } from './price-event'
import { rate } from './rate'
import { priceOfEvent } from './run-event'

/** What a usage event costs once the plan's allowance has covered its part. */
export type RatedEvent = {
  /** `charged` also when it costs nothing at a price above zero: runs 2 to 100 of a package. */
  readonly outcome: 'charged' | 'covered' | 'free'
  readonly amount: Amount
  readonly covered: Quantity
  /** What the period's counter grows by. */
  readonly billableQuantity: Quantity
}

/**
 * Rates what the allowance left of a usage event. `usedInPeriod` is what was rated before in the price's period.
 * Errors: `unpriced` (no row of the matrix), `invalid_input` (a charge larger than any amount).
 */
export function rateEvent(
  { event, price }: PricedEvent,
  { covered, rest }: Coverage,
  usedInPeriod: Quantity,
): Result<RatedEvent, PurserError> {
  if (covered > 0n && rest === 0n) {
    return ok({ outcome: 'covered', amount: ZERO_AMOUNT, covered, billableQuantity: ZERO_QUANTITY })
  }
  const rating = rate(priceOfEvent(price, event.id), {
    quantity: rest,
    dimensions: event.dimensions,
    model: event.model,
    usedInPeriod,
  })
  if (!rating.ok) return err(rating.error.code === 'unpriced' ? { code: 'unpriced', meter: event.meter } : TOO_LARGE)
  const { amount, billableQuantity, isFree } = rating.value
  return ok({ outcome: isFree ? 'free' : 'charged', amount, covered, billableQuantity })
}

/** A debit of more than nothing, and the asset in whose words a refusal is said. */
export type EventDebit = {
  readonly amount: Amount
  readonly context: SpendContext
  readonly occurredAt: Date
  readonly shortfall: Shortfall
  readonly asset: string
  readonly scale: number
}

/**
 * Takes the charge of a usage event from the book (ledger.md, "Which grant pays first" and "At zero"). The caller holds the wallet's lock
 * and has booked what is due. Errors: `insufficient_credits`, `invalid_input` (debt larger than any amount).
 */
export function debitEvent(book: Book, debit: EventDebit): Result<Posting, PurserError> {
  const { amount, context, occurredAt, shortfall } = debit
  const spent = spend(book, { amount, kind: 'usage', context, occurredAt, shortfall })
  return spent.ok ? spent : err(refusalOf(spent.error, debit))
}

/** Why the ledger refused, in the words of the API. */
export function refusalOf(
  refusal:
    | { readonly code: 'out_of_range' }
    | { readonly code: 'insufficient_credits'; readonly required: Amount; readonly available: Amount },
  { asset, scale }: Pick<EventDebit, 'asset' | 'scale'>,
): PurserError {
  if (refusal.code === 'out_of_range') return TOO_LARGE
  const { required, available } = refusal
  return {
    code: 'insufficient_credits',
    required: formatAmount(required, scale),
    available: formatAmount(available, scale),
    asset,
  }
}

const TOO_LARGE: PurserError = {
  code: 'invalid_input',
  errors: [{ path: 'quantity', message: 'This quantity costs more than any wallet can hold. Send a smaller one.' }],
}
