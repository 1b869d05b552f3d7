import 'server-only'

import type { AccountTerms } from '@/lib/db/account-terms'
import type { StoredHold } from '@/lib/db/holds'
import type { NewEntry } from '@/lib/db/journal'
import { limitCountKey, type LimitCount } from '@/lib/db/limit-counters'
import type { MeterPeriod } from '@/lib/db/period-counters'
import type { RecordedUsage } from '@/lib/db/usage-events'
import type { UsageRecord } from '@/lib/db/usage-writes'
import type { Book } from '@/lib/ledger/types'
import { cappedAmount, type Amount } from '@/lib/money/amount'
import { quantity, ZERO_QUANTITY, type Quantity } from '@/lib/money/quantity'

/** A locked wallet: as it was, as it is after what was decided so far, and the entries in between. */
export type OpenWallet = {
  readonly before: Book
  now: Book
  readonly entries: NewEntry[]
  /** What open holds were allowed beyond their grants. */
  unpinned: Amount
}

/** A meter's count in a pricing period, and how far this batch has moved it. */
export type MeterCounter = MeterPeriod & { used: Quantity; added: Quantity }

/** What an allowance covered and reserved in a plan period, and how far this batch has moved both. */
export type AllowanceCounter = MeterPeriod & {
  covered: Quantity
  reserved: bigint
  coveredAdded: Quantity
  reservedAdded: bigint
}

/** The counter of a spend limit, and how far this batch has moved it. One that is new is written whole. */
export type LimitCounter = Omit<LimitCount, 'used' | 'reserved'> & {
  used: bigint
  reserved: bigint
  usedAdded: bigint
  reservedAdded: bigint
}

/** A hold at the desk. */
export type DeskHold = { now: StoredHold; readonly isNew: boolean; isChanged: boolean }

/**
 * Everything that the requests of one account are decided on, read under its wallets' locks. It changes as they are decided, one by one, and
 * is written once at the end.
 */
export type AccountDesk = {
  readonly terms: AccountTerms
  /** The account's own time. */
  readonly now: Date
  readonly wallets: Map<string, OpenWallet>
  readonly recorded: Map<string, RecordedUsage>
  readonly counters: Map<string, MeterCounter>
  readonly allowances: Map<string, AllowanceCounter>
  readonly limits: Map<string, LimitCounter>
  readonly holds: Map<string, DeskHold>
  readonly records: UsageRecord[]
}

/** A desk on which nothing lies yet. */
export function emptyDesk(terms: AccountTerms, now: Date): AccountDesk {
  return {
    terms,
    now,
    wallets: new Map(),
    recorded: new Map(),
    counters: new Map(),
    allowances: new Map(),
    limits: new Map(),
    holds: new Map(),
    records: [],
  }
}

/** The name of a wallet on its account's desk. */
export function walletKey(assetCode: string, memberId: string | null): string {
  return `${assetCode} ${memberId ?? ''}`
}

/** A wallet that was locked for the request. */
export function walletOf(desk: AccountDesk, assetCode: string, memberId: string | null): OpenWallet {
  const wallet = desk.wallets.get(walletKey(assetCode, memberId))
  if (wallet === undefined) throw new Error(`the wallet of ${assetCode} is not on the desk`)
  return wallet
}

/** A hold that was read for the request. */
export function holdOf(desk: AccountDesk, id: string): DeskHold {
  const hold = desk.holds.get(id)
  if (hold === undefined) throw new Error(`hold ${id} is not on the desk`)
  return hold
}

/** The name of a meter's period on its account's desk. */
export function periodKey(meter: string, periodStart: Date): string {
  return `${periodStart.getTime()} ${meter}`
}

/** The counter of a meter in a pricing period; at zero when nothing was counted there. */
export function counterOf(desk: AccountDesk, meter: string, periodStart: Date): MeterCounter {
  return recall(desk.counters, periodKey(meter, periodStart), () => ({
    accountId: desk.terms.accountId,
    meter,
    periodStart,
    used: ZERO_QUANTITY,
    added: ZERO_QUANTITY,
  }))
}

/** Counts a billable quantity on. */
export function countOn(counter: MeterCounter, billed: Quantity): void {
  counter.used = quantity(counter.used + billed)
  counter.added = quantity(counter.added + billed)
}

/** The count of an allowance in a plan period; at zero when it covered nothing there. */
export function allowanceOf(desk: AccountDesk, meter: string, periodStart: Date): AllowanceCounter {
  return recall(desk.allowances, periodKey(meter, periodStart), () => ({
    accountId: desk.terms.accountId,
    meter,
    periodStart,
    covered: ZERO_QUANTITY,
    reserved: 0n,
    coveredAdded: ZERO_QUANTITY,
    reservedAdded: 0n,
  }))
}

/** Moves an allowance: what it covered grows, what is reserved of it may shrink. */
export function moveAllowance(counter: AllowanceCounter, covered: Quantity, reserved: bigint): void {
  counter.covered = quantity(counter.covered + covered)
  counter.coveredAdded = quantity(counter.coveredAdded + covered)
  counter.reserved += reserved
  counter.reservedAdded += reserved
}

/** The counter of a spend limit. One that was not read for a decision only carries what is given back to it. */
export function limitCounterOf(desk: AccountDesk, place: Omit<LimitCount, 'used' | 'reserved'>): LimitCounter {
  const { accountId, asset, scope, subject, period, periodStart } = place
  return recall(desk.limits, limitCountKey(place), () => ({
    ...{ accountId, asset, scope, subject, period, periodStart },
    ...{ used: 0n, reserved: 0n, usedAdded: 0n, reservedAdded: 0n },
  }))
}

/** Moves a spend limit's counter: what was used grows, what is reserved may shrink. */
export function moveLimit(counter: LimitCounter, used: bigint, reserved: bigint): void {
  counter.used += used
  counter.usedAdded += used
  counter.reserved += reserved
  counter.reservedAdded += reserved
}

/** What a limit counts against: spent and set aside, never less than nothing. */
export function countedBy(counter: LimitCounter): Amount {
  return cappedAmount(counter.used + counter.reserved)
}

function recall<Value>(known: Map<string, Value>, key: string, make: () => Value): Value {
  const found = known.get(key)
  if (found !== undefined) return found
  const made = make()
  known.set(key, made)
  return made
}
