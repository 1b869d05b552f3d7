import 'server-only'

import { findMembers, type SpendingMember } from '@/lib/db/account-members'
import { readAccountTerms, type AccountTerms } from '@/lib/db/account-terms'
import { lockPlacedWallets, openLockedBooks, type Patience, type PlacedWallet } from '@/lib/db/books'
import { readCatalogue } from '@/lib/db/catalogue'
import { withDueEntries } from '@/lib/db/due'
import { readDueHolds, readHolds, readUnpinned, type StoredHold } from '@/lib/db/holds'
import type { Tx } from '@/lib/db/pool'
import { findRecordedUsage } from '@/lib/db/usage-events'
import type { Book, WalletState } from '@/lib/ledger/types'
import { ZERO_AMOUNT, type Amount } from '@/lib/money/amount'

import { emptyDesk, holdOf, walletKey, type AccountDesk } from './account-desk'
import { layCounts, readCounts } from './read-counters'
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
  const { prepared, names, locked } = await lockAll(tx, requests, patience)
  const skipped = new Set(names.flatMap(({ accountId }, index) => (locked[index] === null ? [accountId] : [])))
  const present = prepared.filter(({ terms }) => !skipped.has(terms.accountId))
  const desks = layDesks(present)
  // Everything is read behind the locks and in one trip to the server.
  const [books, due, unpinned, named, recorded, counts] = await Promise.all([
    openLockedBooks(tx, locked),
    readDueHolds(tx, walletsAt(desks, locked)),
    readUnpinned(tx, overdrawable(desks, locked)),
    readHolds(tx, holdsOf(present)),
    findRecordedUsage(tx, eventsOf(present)),
    readCounts(tx, present),
  ])
  for (const hold of [...named, ...due]) layHold(desks, hold)
  layWallets(desks, names, books, { due, unpinned })
  for (const event of recorded) desks.get(event.accountId)?.recorded.set(event.id, event)
  layCounts(desks, counts)
  return { desks, prepared }
}

/** What was understood of requests, the wallets that they are about, and those of them that could be locked. */
type LockedRequests = {
  readonly prepared: readonly Prepared[]
  readonly names: readonly PlacedWallet[]
  readonly locked: readonly (WalletState | null)[]
}

/**
 * Locks the wallets that requests are about. The terms that say which these are may be replaced while the locks are waited for, and whoever
 * is answered then must see the new ones hold: they are looked at again behind the locks, in the same trip to the server.
 */
async function lockAll(tx: Tx, requests: readonly DeskRequest[], patience: Patience): Promise<LockedRequests> {
  const prepared = await prepareAll(tx, requests)
  const names = walletsOf(prepared)
  const [locked, terms] = await Promise.all([
    lockPlacedWallets(tx, names, nowOf(prepared), patience),
    readAccountTerms(tx, accountsOf(requests)),
  ])
  if (prepared.every((each) => terms.get(each.terms.accountId) === each.terms)) return { prepared, names, locked }
  const again = await prepareAll(tx, requests)
  const renamed = walletsOf(again)
  return { prepared: again, names: renamed, locked: await lockPlacedWallets(tx, renamed, nowOf(again), patience) }
}

function accountsOf(requests: readonly DeskRequest[]): readonly string[] {
  return [...new Set(requests.map(({ account }) => account.id))]
}

/**
 * One desk an account, at the latest time that any of its requests goes by: the sweep goes by the instants at which things fell due, and
 * what is asked beside it is asked now.
 */
function layDesks(present: readonly Prepared[]): ReadonlyMap<string, AccountDesk> {
  const desks = new Map<string, AccountDesk>()
  for (const { terms, now } of present) {
    const desk = desks.get(terms.accountId)
    if (desk === undefined || desk.now < now) desks.set(terms.accountId, emptyDesk(terms, now))
  }
  return desks
}

async function prepareAll(tx: Tx, requests: readonly DeskRequest[]): Promise<readonly Prepared[]> {
  const [first] = requests
  if (first === undefined) return []
  const [terms, catalogue] = await Promise.all([
    readAccountTerms(tx, accountsOf(requests)),
    readCatalogue(first.account.mode, tx),
  ])
  const catalogues = new Map([[first.account.mode, catalogue]])
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
    const { wallet, cost } = understood.value
    const guards = cost.kind === 'priced' ? cost.guards : []
    for (const name of [{ ...wallet, memberId: null }, ...guards, wallet]) {
      wallets.set(`${accountId} ${walletKey(name.assetCode, name.memberId)}`, { accountId, ...name })
    }
  }
  return [...wallets.values()]
}

/** When wallets that do not exist yet were made: at the latest time of any of the accounts. */
function nowOf(prepared: readonly Prepared[]): Date {
  return new Date(Math.max(0, ...prepared.map(({ now }) => now.getTime())))
}

function layHold(desks: ReadonlyMap<string, AccountDesk>, hold: StoredHold): void {
  desks.get(hold.accountId)?.holds.set(hold.state.id, { now: hold, isNew: false, isChanged: false })
}

/** Books what is due in each wallet first: holds past their expiry give back what they set aside, and grants past theirs are gone. */
function layWallets(
  desks: ReadonlyMap<string, AccountDesk>,
  names: readonly PlacedWallet[],
  books: readonly (Book | null)[],
  holds: { readonly due: readonly StoredHold[]; readonly unpinned: ReadonlyMap<string, Amount> },
): void {
  names.forEach((name, index) => {
    const before = books[index]
    const desk = desks.get(name.accountId)
    if (before === null || before === undefined || desk === undefined) return
    const due = holds.due.flatMap((hold) => (hold.walletId === before.wallet.id ? [hold.state] : []))
    const { book, entries, holds: expired } = withDueEntries(before, desk.now, due)
    const unpinned = holds.unpinned.get(before.wallet.id) ?? ZERO_AMOUNT
    const wallet = { before, now: book, entries: [...entries], unpinned }
    desk.wallets.set(walletKey(name.assetCode, name.memberId), wallet)
    for (const state of expired) giveBack(desk, wallet, holdOf(desk, state.id), state)
  })
}

/** The locked wallets, each at the time of its account. */
function walletsAt(desks: ReadonlyMap<string, AccountDesk>, locked: readonly (WalletState | null)[]) {
  return locked.flatMap((wallet) => {
    const desk = wallet === null ? undefined : desks.get(wallet.accountId)
    return wallet === null || desk === undefined ? [] : [{ accountId: wallet.accountId, id: wallet.id, at: desk.now }]
  })
}

/** The locked pool wallets that may be overdrawn. */
function overdrawable(desks: ReadonlyMap<string, AccountDesk>, locked: readonly (WalletState | null)[]) {
  return locked
    .filter((wallet) => wallet !== null)
    .filter(({ accountId, memberId }) => {
      const desk = desks.get(accountId)
      return memberId === null && desk !== undefined && mayOverdraw(desk)
    })
}

function mayOverdraw({ terms }: AccountDesk): boolean {
  return terms.policy.at_zero === 'overdraft'
}

/** The holds that requests are about. */
function holdsOf(present: readonly Prepared[]): readonly { readonly accountId: string; readonly id: string }[] {
  return present.flatMap(({ request, terms }) =>
    request.kind === 'record' || request.kind === 'authorize'
      ? []
      : [{ accountId: terms.accountId, id: request.hold.state.id }],
  )
}

/** The usage events that requests would record. */
function eventsOf(present: readonly Prepared[]): readonly { readonly accountId: string; readonly id: string }[] {
  return present.flatMap(({ request, terms }) => {
    if (request.kind === 'record') return [{ accountId: terms.accountId, id: request.event.id }]
    return request.kind === 'capture' ? [{ accountId: terms.accountId, id: request.eventId }] : []
  })
}
