import 'server-only'

import { findMembers, type SpendingMember } from '@/lib/db/account-members'
import { readAccountTerms, type AccountTerms } from '@/lib/db/account-terms'
import { lockPlacedBooks, type Patience, type PlacedWallet } from '@/lib/db/books'
import { readCatalogue } from '@/lib/db/catalogue'
import { withDueEntries } from '@/lib/db/due'
import { readDueHolds, readHolds, readUnpinned, type StoredHold } from '@/lib/db/holds'
import type { Tx } from '@/lib/db/pool'
import { findRecordedUsage } from '@/lib/db/usage-events'
import type { Book } from '@/lib/ledger/types'
import { ZERO_AMOUNT } from '@/lib/money/amount'

import { emptyDesk, holdOf, walletKey, type AccountDesk } from './account-desk'
import { readCounters } from './read-counters'
import { giveBack } from './reservations'
import { prepare, subjectOf, type Prepared } from './prepare'
import type { DeskRequest } from './request'

/** The desks of the accounts that could be locked, and every request as it was understood, in the order given. */
export type OpenDesks = {
  readonly desks: ReadonlyMap<string, AccountDesk>
  readonly prepared: readonly Prepared[]
}

/**
 * Lays out everything that a batch of requests is decided on: locks the wallets (each account's pool wallet even when a Lite member pays,
 * for it guards the account's counters) and only then looks for replays, or two replays would race (ledger.md). An account one of whose
 * wallets was skipped has no desk.
 */
export async function openDesks(tx: Tx, requests: readonly DeskRequest[], patience: Patience): Promise<OpenDesks> {
  const prepared = await prepareAll(tx, requests)
  const names = walletsOf(prepared)
  const books = await lockPlacedBooks(tx, names, nowOf(prepared), patience)
  const skipped = new Set(names.flatMap(({ accountId }, index) => (books[index] === null ? [accountId] : [])))
  const present = prepared.filter(({ terms }) => !skipped.has(terms.accountId))
  const desks = new Map<string, AccountDesk>()
  for (const { terms, now } of present) {
    if (!desks.has(terms.accountId)) desks.set(terms.accountId, emptyDesk(terms, now))
  }
  await layHolds(tx, desks, present)
  await layWallets(tx, desks, names, books)
  await layRecorded(tx, desks, present)
  await readCounters(tx, desks, present)
  return { desks, prepared }
}

async function prepareAll(tx: Tx, requests: readonly DeskRequest[]): Promise<readonly Prepared[]> {
  const [first] = requests
  if (first === undefined) return []
  const terms = await readAccountTerms(tx, [...new Set(requests.map(({ account }) => account.id))])
  const catalogues = new Map([[first.account.mode, await readCatalogue(first.account.mode, tx)]])
  const members = new Map<string, ReadonlyMap<string, SpendingMember>>()
  for (const [accountId, own] of terms) members.set(accountId, await membersNamed(tx, own, requests))
  const prepared: Prepared[] = []
  for (const request of requests) {
    const { id, mode } = request.account
    const own = terms.get(id)
    if (own === undefined) throw new Error(`account ${id} has no terms`)
    const catalogue = catalogues.get(mode) ?? (await readCatalogue(mode, tx))
    catalogues.set(mode, catalogue)
    const now = own.clockAt ?? request.clock.now()
    prepared.push(prepare(request, own, { catalogue, members: members.get(id) ?? new Map() }, now))
  }
  return prepared
}

async function membersNamed(tx: Tx, terms: AccountTerms, requests: readonly DeskRequest[]) {
  if (!terms.hasLiteMembers) return new Map<string, SpendingMember>()
  const named = requests.flatMap((request) =>
    request.account.id === terms.accountId ? (subjectOf(request).member ?? []) : [],
  )
  return findMembers(tx, terms.accountId, [...new Set(named)])
}

function walletsOf(prepared: readonly Prepared[]): readonly PlacedWallet[] {
  const wallets = new Map<string, PlacedWallet>()
  for (const { terms, understood } of prepared) {
    if (!understood.ok) continue
    const { accountId } = terms
    const { assetCode, scale, memberId } = understood.value.wallet
    wallets.set(`${accountId} ${walletKey(assetCode, null)}`, { accountId, assetCode, scale, memberId: null })
    wallets.set(`${accountId} ${walletKey(assetCode, memberId)}`, { accountId, assetCode, scale, memberId })
  }
  return [...wallets.values()]
}

/** When wallets that do not exist yet were made: at the latest time of any of the accounts. */
function nowOf(prepared: readonly Prepared[]): Date {
  return new Date(Math.max(0, ...prepared.map(({ now }) => now.getTime())))
}

async function layHolds(tx: Tx, desks: ReadonlyMap<string, AccountDesk>, present: readonly Prepared[]): Promise<void> {
  const named = present.flatMap(({ request, terms }) =>
    request.kind === 'record' || request.kind === 'authorize'
      ? []
      : [{ accountId: terms.accountId, id: request.hold.state.id }],
  )
  for (const hold of await readHolds(tx, named)) layHold(desks, hold)
}

function layHold(desks: ReadonlyMap<string, AccountDesk>, hold: StoredHold): void {
  desks.get(hold.accountId)?.holds.set(hold.state.id, { now: hold, isNew: false, isChanged: false })
}

/** Books what is due in each wallet first: holds past their expiry give back what they set aside, and grants past theirs are gone. */
async function layWallets(
  tx: Tx,
  desks: ReadonlyMap<string, AccountDesk>,
  names: readonly PlacedWallet[],
  books: readonly (Book | null)[],
): Promise<void> {
  const locked = names.flatMap((name, index) => {
    const before = books[index]
    const desk = desks.get(name.accountId)
    return before === null || before === undefined || desk === undefined ? [] : [{ name, before, desk }]
  })
  const due = await readDueHolds(
    tx,
    locked.map(({ before, desk }) => ({ accountId: before.wallet.accountId, id: before.wallet.id, at: desk.now })),
  )
  const overdrawn = locked.filter(({ name, desk }) => name.memberId === null && mayOverdraw(desk))
  const unpinned = await readUnpinned(
    tx,
    overdrawn.map(({ before }) => before.wallet),
  )
  for (const hold of due) layHold(desks, hold)
  for (const { name, before, desk } of locked) {
    const own = due.filter((hold) => hold.walletId === before.wallet.id)
    const { book, entries, holds } = withDueEntries(
      before,
      desk.now,
      own.map(({ state }) => state),
    )
    const wallet = { before, now: book, entries: [...entries], unpinned: unpinned.get(before.wallet.id) ?? ZERO_AMOUNT }
    desk.wallets.set(walletKey(name.assetCode, name.memberId), wallet)
    for (const state of holds) giveBack(desk, wallet, holdOf(desk, state.id), state)
  }
}

function mayOverdraw({ terms }: AccountDesk): boolean {
  return terms.policy.at_zero === 'overdraft'
}

async function layRecorded(
  tx: Tx,
  desks: ReadonlyMap<string, AccountDesk>,
  present: readonly Prepared[],
): Promise<void> {
  const named = present.flatMap(({ request, terms }) => {
    if (request.kind === 'record') return [{ accountId: terms.accountId, id: request.event.id }]
    return request.kind === 'capture' ? [{ accountId: terms.accountId, id: request.eventId }] : []
  })
  for (const recorded of await findRecordedUsage(tx, named)) {
    desks.get(recorded.accountId)?.recorded.set(recorded.id, recorded)
  }
}
