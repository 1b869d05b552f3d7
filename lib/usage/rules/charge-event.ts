import type { PurserError } from '@/lib/errors'
import { summarize } from '@/lib/ledger/balance'
import { spend } from '@/lib/ledger/spend'
import type { Book, EntryDraft, Shortfall, SpendContext } from '@/lib/ledger/types'
import { formatAmount, type Amount } from '@/lib/money/amount'
import type { Quantity } from '@/lib/money/quantity'
import { err, ok, type Result } from '@/lib/result'
import type { PricedEvent } from './price-event'
import { rate } from './rate'

/** What was decided about a usage event. */
export type EventCharge = {
  /** `charged` also when it costs nothing at a price above zero: runs 2 to 100 of a package. */
  readonly outcome: 'charged' | 'free'
  readonly amount: Amount
  /** What the period's counter grows by. */
  readonly billableQuantity: Quantity
  /** Null when the amount is zero: a zero amount writes no entry. */
  readonly entry: EntryDraft | null
  readonly balanceAfter: Amount
  readonly available: Amount
}

/**
 * Rates a usage event and takes its charge from the book (ledger.md, "Which grant pays first" and "At zero"). The caller holds
 * the wallet's lock and has booked what is due. `at` is the instant of the decision: it chooses the grants.
 * Errors: `unpriced` (no row of the matrix), `insufficient_credits`, `invalid_input` (a charge larger than any amount).
 */
export function chargeEvent(
  book: Book,
  priced: PricedEvent,
  usedInPeriod: Quantity,
  at: Date,
  shortfall: Shortfall,
): Result<{ readonly book: Book; readonly charge: EventCharge }, PurserError> {
  const { event, price } = priced
  const rating = rate(price, {
    quantity: event.quantity,
    dimensions: event.dimensions,
    model: event.model,
    usedInPeriod,
  })
  if (!rating.ok) return err(rating.error.code === 'unpriced' ? { code: 'unpriced', meter: event.meter } : TOO_LARGE)
  const { amount, billableQuantity, isFree } = rating.value
  const outcome = isFree ? 'free' : 'charged'
  if (amount === 0n)
    return ok({ book, charge: { outcome, amount, billableQuantity, entry: null, ...figures(book, at) } })

  const context = spendContext(priced, at)
  const spent = spend(book, { amount, kind: 'usage', context, occurredAt: priced.occurredAt, shortfall })
  if (!spent.ok) {
    if (spent.error.code === 'out_of_range') return err(TOO_LARGE)
    const { required, available } = spent.error
    const inAsset = (value: Amount): string => formatAmount(value, price.scale)
    return err({
      code: 'insufficient_credits',
      required: inAsset(required),
      available: inAsset(available),
      asset: price.asset,
    })
  }
  const { book: after, entry } = spent.value
  return ok({ book: after, charge: { outcome, amount, billableQuantity, entry, ...figures(after, at) } })
}

const TOO_LARGE: PurserError = {
  code: 'invalid_input',
  errors: [{ path: 'quantity', message: 'This quantity costs more than any wallet can hold. Send a smaller one.' }],
}

function spendContext({ event }: PricedEvent, at: Date): SpendContext {
  return {
    at,
    meter: event.meter,
    ...(event.model === null ? {} : { model: event.model }),
    ...(event.member === null ? {} : { member: event.member }),
    ...(event.feature === null ? {} : { feature: event.feature }),
  }
}

function figures(book: Book, at: Date): { readonly balanceAfter: Amount; readonly available: Amount } {
  return { balanceAfter: book.wallet.balance, available: summarize(book, at).available }
}
