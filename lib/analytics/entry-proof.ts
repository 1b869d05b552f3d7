import 'server-only'

import { createHash } from 'node:crypto'

import type { Catalogue } from '@/lib/db/catalogue'
import { findEntryAt, type AllocationLine, type EntryLine } from '@/lib/db/entries'
import type { UsageFacts } from '@/lib/db/usage-events'
import { canonicalLine, GENESIS_HASH } from '@/lib/ledger/canonical'
import { quantity } from '@/lib/money/quantity'
import type { Price } from '@/lib/usage/rules/price'
import { rate, type Rating } from '@/lib/usage/rules/rate'
import { priceOfEvent } from '@/lib/usage/rules/run-event'

/** A usage event with its price version, and what it costs when worked out again. */
export type RatedAgain = { readonly price: Price; readonly version: number; readonly rating: Rating | null }

/** Works a charge out again from what was stored of the event, at the price version it was rated by. Null when that is not there. */
export function rateAgain(event: UsageFacts, catalogue: Catalogue): RatedAgain | null {
  const versions = catalogue.prices.get(event.meter) ?? []
  const index = versions.findIndex(({ id }) => id === event.priceId)
  const price = versions[index]
  if (price === undefined) return null
  const rated = rate(priceOfEvent(price, event.id), {
    quantity: quantity(event.quantity - event.covered),
    dimensions: event.dimensions,
    model: event.model,
    usedInPeriod: event.usedBefore,
  })
  return { price, version: index + 1, rating: rated.ok ? rated.value : null }
}

/**
 * Whether an entry is what it was when it was written: its hash vouches for every figure, its previous hash is that of the line before,
 * the balances follow from each other, and its allocations add up to it (ledger.md, Journal). Reads one line.
 */
export async function isProven(
  accountId: string,
  entry: EntryLine,
  allocations: readonly AllocationLine[],
): Promise<boolean> {
  const before = entry.sequence === 1n ? null : await findEntryAt(accountId, entry.walletId, entry.sequence - 1n)
  if (before === null && entry.sequence !== 1n) return false
  const moved = allocations.reduce((sum, allocation) => sum + allocation.amount, 0n)
  return (
    hashOf(accountId, entry, allocations) === entry.hash &&
    entry.previousHash === (before?.hash ?? GENESIS_HASH) &&
    entry.balanceAfter === (before?.balanceAfter ?? 0n) + entry.amount &&
    entry.amount === moved - entry.debtChange
  )
}

function hashOf(accountId: string, entry: EntryLine, allocations: readonly AllocationLine[]): string {
  const references = {
    grant: entry.grantId,
    payment: entry.paymentId,
    event: entry.eventId,
    hold: entry.holdId,
    reverses: entry.reversesEntryId,
  }
  return createHash('sha256')
    .update(canonicalLine({ ...entry, accountId, allocations, references }))
    .digest('hex')
}
