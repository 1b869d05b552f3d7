import 'server-only'

import { openBook } from '@/lib/ledger/book'
import { GENESIS_HASH } from '@/lib/ledger/canonical'
import type { Book, GrantSource, GrantState, Scope, WalletState } from '@/lib/ledger/types'
import { amount } from '@/lib/money/amount'
import { cents } from '@/lib/money/cents'

import { newId } from './ids'
import { query, type Row, type Tx } from './pool'

/** Names a wallet of an account: the pool's, or a Lite member's own. */
export type WalletName = { readonly assetCode: string; readonly scale: number; readonly memberId: string | null }

const WALLET_COLUMNS = 'id, account_id, asset_code, scale, member_id, balance, held, debt, last_sequence, last_hash'
const GRANT_COLUMNS = `id, wallet_id, sequence, source, purpose, priority, scope, member_id, amount, remaining, held,
  cost_basis_cents, effective_at, expires_at, frozen, voided, payment_id`

const LOCK_WALLETS = `SELECT ${WALLET_COLUMNS} FROM wallet WHERE account_id = $1 AND asset_code = ANY($2) ORDER BY id FOR UPDATE`
const READ_WALLETS = `SELECT ${WALLET_COLUMNS} FROM wallet WHERE account_id = $1 ORDER BY asset_code`
const OPEN_GRANTS = `SELECT ${GRANT_COLUMNS} FROM credit_grant WHERE account_id = $1 AND wallet_id = ANY($2) AND open`
const GRANTS_BY_ID = `SELECT ${GRANT_COLUMNS} FROM credit_grant WHERE account_id = $1 AND id = ANY($2)`
const CREATE_WALLET = `INSERT INTO wallet (account_id, id, asset_code, scale, member_id, last_hash, created_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING`

/**
 * Locks the named wallets of an account in id order, makes those that do not exist yet, and reads what they can still spend.
 * Answers in the order asked. Every decision about money starts here; the locks last until the transaction ends.
 */
export async function lockBooks(
  tx: Tx,
  accountId: string,
  names: readonly WalletName[],
  now: Date,
): Promise<readonly Book[]> {
  const assetCodes = [...new Set(names.map((name) => name.assetCode))]
  let wallets = (await tx.query(LOCK_WALLETS, [accountId, assetCodes])).map(readWallet)
  const missing = names.filter((name) => !wallets.some((wallet) => isNamed(wallet, name)))
  if (missing.length > 0) {
    for (const name of missing) {
      const values = [accountId, newId(), name.assetCode, name.scale, name.memberId, GENESIS_HASH, now]
      await tx.query(CREATE_WALLET, values)
    }
    wallets = (await tx.query(LOCK_WALLETS, [accountId, assetCodes])).map(readWallet)
  }
  const chosen = names.map((name) => {
    const wallet = wallets.find((candidate) => isNamed(candidate, name))
    if (wallet === undefined) throw new Error(`the wallet of ${name.assetCode} was not made`)
    return wallet
  })
  return openBooks(accountId, chosen, await tx.query(OPEN_GRANTS, [accountId, chosen.map((wallet) => wallet.id)]))
}

/** Locks one wallet of an account; see `lockBooks`. */
export async function lockBook(tx: Tx, accountId: string, name: WalletName, now: Date): Promise<Book> {
  const [book] = await lockBooks(tx, accountId, [name], now)
  if (book === undefined) throw new Error('lockBooks answered nothing')
  return book
}

/** Every wallet of an account with its open grants, without locks: what a page or a balance answer shows. */
export async function readBooks(accountId: string): Promise<readonly Book[]> {
  const wallets = (await query(READ_WALLETS, [accountId])).map(readWallet)
  const ids = wallets.map((wallet) => wallet.id)
  return openBooks(accountId, wallets, await query(OPEN_GRANTS, [accountId, ids]))
}

/** Grants by id, depleted ones too: what a reversal or a refund names. Call under the wallet's lock. */
export async function readGrants(tx: Tx, accountId: string, ids: readonly string[]): Promise<readonly GrantState[]> {
  return ids.length === 0 ? [] : (await tx.query(GRANTS_BY_ID, [accountId, ids])).map(readGrant)
}

function openBooks(accountId: string, wallets: readonly WalletState[], rows: readonly Row[]): readonly Book[] {
  return wallets.map((wallet) => openBook(wallet, rows.filter((row) => row['wallet_id'] === wallet.id).map(readGrant)))
}

function isNamed(wallet: WalletState, name: WalletName): boolean {
  return wallet.assetCode === name.assetCode && wallet.memberId === name.memberId
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
