import 'server-only'

import { openBook } from '@/lib/ledger/book'
import { GENESIS_HASH } from '@/lib/ledger/canonical'
import type { Book, GrantSource, GrantState, Scope, WalletState } from '@/lib/ledger/types'
import { amount } from '@/lib/money/amount'
import { cents } from '@/lib/money/cents'

import { freeDueHolds } from './free-due-holds'
import { newId } from './ids'
import { query, type Row, type Tx } from './pool'

/** Names a wallet of an account: the pool's, or a Lite member's own. */
export type WalletName = { readonly assetCode: string; readonly scale: number; readonly memberId: string | null }

/** A wallet of some account. */
export type PlacedWallet = WalletName & { readonly accountId: string }

/** What to do about a wallet that another transaction has locked: wait for it, or leave it out. */
export type Patience = 'wait' | 'skip'

const WALLET_COLUMNS =
  'id, account_id, asset_code, scale, member_id, balance, held, debt, last_sequence, last_hash, last_entry_at'
const GRANT_COLUMNS = `id, account_id, wallet_id, sequence, source, purpose, priority, scope, member_id, amount, remaining, held,
  cost_basis_cents, effective_at, expires_at, frozen, voided, payment_id`

const POOL_WALLETS = `SELECT ${WALLET_COLUMNS} FROM wallet w WHERE w.member_id IS NULL
  AND (w.account_id, w.asset_code) IN (SELECT * FROM unnest($1::uuid[], $2::text[])) ORDER BY w.account_id, w.id FOR UPDATE OF w`
const MEMBER_WALLETS = `SELECT ${WALLET_COLUMNS} FROM wallet w WHERE w.member_id IS NOT NULL
  AND (w.account_id, w.member_id, w.asset_code) IN (SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[]))
  ORDER BY w.account_id, w.id FOR UPDATE OF w`
const READ_WALLETS = `SELECT ${WALLET_COLUMNS} FROM wallet WHERE account_id = $1 ORDER BY asset_code`
const READ_POOL_WALLETS = `SELECT ${WALLET_COLUMNS} FROM wallet WHERE account_id = $1 AND member_id IS NULL ORDER BY asset_code`
const READ_MEMBER_WALLETS = `SELECT ${WALLET_COLUMNS} FROM wallet WHERE account_id = $1 AND member_id = $2 ORDER BY asset_code`
const OPEN_GRANTS = `SELECT ${GRANT_COLUMNS} FROM unnest($1::uuid[], $2::uuid[]) AS u (account_id, wallet_id)
  JOIN credit_grant g USING (account_id, wallet_id) WHERE g.open`
const GRANTS_BY_ID = `SELECT ${GRANT_COLUMNS} FROM credit_grant WHERE account_id = $1 AND id = ANY($2)`
const CREATE_WALLET = `INSERT INTO wallet (account_id, id, asset_code, scale, member_id, last_hash, created_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING RETURNING id`

/**
 * Locks the named wallets, pool wallets first and each kind in the order of account and id, and makes those that do not exist yet. Answers
 * in the order asked; null for a wallet that was skipped because another transaction holds it. Every decision about money starts here; the
 * locks last until the transaction ends.
 */
export async function lockPlacedWallets(
  tx: Tx,
  names: readonly PlacedWallet[],
  now: Date,
  patience: Patience,
): Promise<readonly (WalletState | null)[]> {
  let wallets = await lockWallets(tx, names, patience)
  const missing = names.filter((name) => findNamed(wallets, name) === undefined)
  if (missing.length > 0) {
    const areSome = await createWallets(tx, missing, now)
    if (areSome || patience === 'wait') wallets = [...wallets, ...(await lockWallets(tx, missing, patience))]
  }
  return names.map((name) => findNamed(wallets, name) ?? null)
}

/** Reads what locked wallets can still spend. Answers in the order asked; null for null. */
export async function openLockedBooks(
  tx: Tx,
  wallets: readonly (WalletState | null)[],
): Promise<readonly (Book | null)[]> {
  const present = wallets.filter((wallet) => wallet !== null)
  const books = openBooks(present, await tx.query(OPEN_GRANTS, placesOf(present)))
  const byId = new Map(books.map((book) => [book.wallet.id, book]))
  return wallets.map((wallet) => (wallet === null ? null : (byId.get(wallet.id) ?? null)))
}

/**
 * Locks the named wallets of one account, waiting for each, and reads what they can still spend, after open holds past their expiry have
 * given back what they pin; see `lockPlacedWallets`. `now` is the time of the account.
 */
export async function lockBooks(
  tx: Tx,
  accountId: string,
  names: readonly WalletName[],
  now: Date,
): Promise<readonly Book[]> {
  const placed = names.map((name) => ({ ...name, accountId }))
  const read = async () => {
    const books = await openLockedBooks(tx, await lockPlacedWallets(tx, placed, now, 'wait'))
    return books.map((book, index) => {
      if (book === null) throw new Error(`the wallet of ${names[index]?.assetCode} was not made`)
      return book
    })
  }
  const books = await read()
  return (await freeDueHolds(tx, books, now)) ? read() : books
}

/** Locks one wallet of an account; see `lockBooks`. */
export async function lockBook(tx: Tx, accountId: string, name: WalletName, now: Date): Promise<Book> {
  const [book] = await lockBooks(tx, accountId, [name], now)
  if (book === undefined) throw new Error('lockBooks answered nothing')
  return book
}

async function lockWallets(
  tx: Tx,
  names: readonly PlacedWallet[],
  patience: Patience,
): Promise<readonly WalletState[]> {
  const ending = patience === 'skip' ? ' SKIP LOCKED' : ''
  const pools = names.filter(({ memberId }) => memberId === null)
  const own = names.filter(({ memberId }) => memberId !== null)
  const accounts = (list: readonly PlacedWallet[]) => list.map(({ accountId }) => accountId)
  const assets = (list: readonly PlacedWallet[]) => list.map(({ assetCode }) => assetCode)
  const members = own.map(({ memberId }) => memberId)
  const [locked, lockedOwn] = await Promise.all([
    pools.length === 0 ? [] : tx.query(POOL_WALLETS + ending, [accounts(pools), assets(pools)]),
    own.length === 0 ? [] : tx.query(MEMBER_WALLETS + ending, [accounts(own), members, assets(own)]),
  ])
  return [...locked, ...lockedOwn].map(readWallet)
}

/** Makes wallets that were not found. False when all of them were there after all: made meanwhile, or skipped. */
async function createWallets(tx: Tx, missing: readonly PlacedWallet[], now: Date): Promise<boolean> {
  let isAnyMade = false
  for (const { accountId, assetCode, scale, memberId } of missing) {
    const made = await tx.query(CREATE_WALLET, [accountId, newId(), assetCode, scale, memberId, GENESIS_HASH, now])
    isAnyMade ||= made.length === 1
  }
  return isAnyMade
}

function placesOf(wallets: readonly WalletState[]): readonly [readonly string[], readonly string[]] {
  return [wallets.map(({ accountId }) => accountId), wallets.map(({ id }) => id)]
}

/** Every wallet of an account, also those of Lite members, with its open grants, without locks. */
export async function readBooks(accountId: string): Promise<readonly Book[]> {
  const wallets = (await query(READ_WALLETS, [accountId])).map(readWallet)
  return openBooks(wallets, await query(OPEN_GRANTS, placesOf(wallets)))
}

/** The pool's wallets of an account (null), or those of one of its Lite members, without locks. An account may have a wallet for each member. */
export async function readBooksOf(accountId: string, memberId: string | null): Promise<readonly Book[]> {
  const rows =
    memberId === null
      ? await query(READ_POOL_WALLETS, [accountId])
      : await query(READ_MEMBER_WALLETS, [accountId, memberId])
  const wallets = rows.map(readWallet)
  return openBooks(wallets, await query(OPEN_GRANTS, placesOf(wallets)))
}

/** Grants by id, depleted ones too: what a reversal or a refund names. Call under the wallet's lock. */
export async function readGrants(tx: Tx, accountId: string, ids: readonly string[]): Promise<readonly GrantState[]> {
  return ids.length === 0 ? [] : (await tx.query(GRANTS_BY_ID, [accountId, ids])).map(readGrant)
}

function openBooks(wallets: readonly WalletState[], rows: readonly Row[]): readonly Book[] {
  const grants = new Map(wallets.map((wallet): [string, GrantState[]] => [wallet.id, []]))
  for (const row of rows) grants.get(row['wallet_id'] as string)?.push(readGrant(row))
  return wallets.map((wallet) => openBook(wallet, grants.get(wallet.id) ?? []))
}

function findNamed(wallets: readonly WalletState[], name: PlacedWallet): WalletState | undefined {
  return wallets.find(
    (wallet) =>
      wallet.accountId === name.accountId && wallet.assetCode === name.assetCode && wallet.memberId === name.memberId,
  )
}

function readWallet(row: Row): WalletState {
  return {
    id: row['id'] as string,
    accountId: row['account_id'] as string,
    assetCode: row['asset_code'] as string,
    scale: row['scale'] as number,
    memberId: row['member_id'] as string | null,
    balance: amount(row['balance'] as bigint),
    held: amount(row['held'] as bigint),
    debt: amount(row['debt'] as bigint),
    lastSequence: row['last_sequence'] as bigint,
    lastHash: row['last_hash'] as string,
    lastEntryAt: row['last_entry_at'] as Date | null,
  }
}

function readGrant(row: Row): GrantState {
  return {
    id: row['id'] as string,
    sequence: row['sequence'] as bigint,
    source: row['source'] as GrantSource,
    purpose: row['purpose'] as string,
    priority: row['priority'] as number,
    scope: row['scope'] as Scope | null,
    memberId: row['member_id'] as string | null,
    amount: amount(row['amount'] as bigint),
    remaining: amount(row['remaining'] as bigint),
    held: amount(row['held'] as bigint),
    costBasisCents: cents(row['cost_basis_cents'] as bigint),
    effectiveAt: row['effective_at'] as Date,
    expiresAt: row['expires_at'] as Date | null,
    frozen: row['frozen'] as boolean,
    voided: row['voided'] as boolean,
    paymentId: row['payment_id'] as string | null,
  }
}
