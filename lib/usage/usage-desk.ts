import 'server-only'

import type { Catalogue } from '@/lib/db/catalogue'
import { lockBooks, type WalletName } from '@/lib/db/books'
import { withDueEntries } from '@/lib/db/due'
import { saveBook, type NewEntry } from '@/lib/db/journal'
import type { Tx } from '@/lib/db/pool'
import { findRecordedUsage, type RecordedUsage } from '@/lib/db/usage-events'
import { addToPeriodCounts, readPeriodCounts, recordUsageEvents, type UsageRecord } from '@/lib/db/usage-writes'
import type { Book } from '@/lib/ledger/types'
import { quantity, ZERO_QUANTITY, type Quantity } from '@/lib/money/quantity'

import type { PricedEvent } from './rules/price-event'

type OpenWallet = { readonly before: Book; now: Book; readonly entries: NewEntry[] }
type Counter = { readonly meter: string; readonly periodStart: Date; used: Quantity; added: Quantity }

/**
 * Everything that a batch of usage of one account is decided on: the locked wallets, what is recorded already, what was used so
 * far. It changes as the batch is decided, event by event, and is written once at the end.
 */
export type UsageDesk = {
  readonly accountId: string
  readonly wallets: ReadonlyMap<string, OpenWallet>
  readonly recorded: Map<string, RecordedUsage>
  readonly counters: Map<string, Counter>
  readonly records: UsageRecord[]
}

/** Locks the wallets that the events are paid from and only then looks for replays, or two replays would race (ledger.md). */
export async function openDesk(
  tx: Tx,
  accountId: string,
  catalogue: Catalogue,
  {
    ids,
    priced,
    now,
  }: { readonly ids: readonly string[]; readonly priced: readonly PricedEvent[]; readonly now: Date },
): Promise<UsageDesk> {
  const names = walletNames(catalogue, priced)
  const books = await lockBooks(tx, accountId, names, now)
  const wallets = new Map(
    names.map((name, index) => {
      const before = books[index]
      if (before === undefined) throw new Error(`wallet ${name.assetCode} was not locked`)
      const due = withDueEntries(before, now)
      return [name.assetCode, { before, now: due.book, entries: [...due.entries] }]
    }),
  )
  const recorded = new Map(await findRecordedUsage(tx, accountId, ids))
  return { accountId, wallets, recorded, counters: await openCounters(tx, accountId, priced), records: [] }
}

/** Writes all that was decided: events and days, then each wallet that moved. */
export async function closeDesk(tx: Tx, desk: UsageDesk): Promise<void> {
  await recordUsageEvents(tx, desk.accountId, desk.records)
  for (const { before, now, entries } of desk.wallets.values()) {
    if (entries.length > 0) await saveBook(tx, before, now, entries)
  }
  const grown = [...desk.counters.values()].filter((counter) => counter.added > 0n)
  const counts = grown.map(({ meter, periodStart, added }) => ({ meter, periodStart, quantity: added }))
  await addToPeriodCounts(tx, desk.accountId, counts)
}

/** The wallet that an event is paid from. */
export function walletOf(desk: UsageDesk, { price }: PricedEvent): OpenWallet {
  const wallet = desk.wallets.get(price.asset)
  if (wallet === undefined) throw new Error(`the wallet of ${price.asset} is not on the desk`)
  return wallet
}

/** The counter of an event's meter and period. */
export function counterOf(desk: UsageDesk, { event, periodStart }: PricedEvent): Counter {
  const key = counterKey(event.meter, periodStart)
  const known = desk.counters.get(key)
  if (known !== undefined) return known
  const counter = { meter: event.meter, periodStart, used: ZERO_QUANTITY, added: ZERO_QUANTITY }
  desk.counters.set(key, counter)
  return counter
}

/** Counts a billable quantity on. */
export function countOn(counter: Counter, billed: Quantity): void {
  counter.used = quantity(counter.used + billed)
  counter.added = quantity(counter.added + billed)
}

async function openCounters(tx: Tx, accountId: string, priced: readonly PricedEvent[]): Promise<Map<string, Counter>> {
  const wanted = new Map(
    priced.map(({ event, periodStart }) => [counterKey(event.meter, periodStart), { meter: event.meter, periodStart }]),
  )
  const counts = await readPeriodCounts(tx, accountId, [...wanted.values()])
  return new Map(
    counts.map(({ meter, periodStart, quantity: used }) => [
      counterKey(meter, periodStart),
      { meter, periodStart, used, added: ZERO_QUANTITY },
    ]),
  )
}

function walletNames(catalogue: Catalogue, priced: readonly PricedEvent[]): readonly WalletName[] {
  const codes = [...new Set(priced.map(({ price }) => price.asset))]
  return codes.map((assetCode) => {
    const asset = catalogue.assets.get(assetCode)
    if (asset === undefined) throw new Error(`asset ${assetCode} is not in the catalogue`)
    return { assetCode, scale: asset.scale, memberId: null }
  })
}

function counterKey(meter: string, periodStart: Date): string {
  return `${periodStart.getTime()} ${meter}`
}
