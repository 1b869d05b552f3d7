import 'server-only'

import { amount, type Amount } from '@/lib/money/amount'
import { cents, type Cents } from '@/lib/money/cents'

import type { DueInstant } from './account-plans'
import { query, type Row, type Tx } from './pool'

/** What an account has agreed on. Days are `YYYY-MM-DD` in its time zone, both included. */
export type Contract = {
  readonly startsOn: string
  readonly endsOn: string
  readonly packageAsset: string
  /** What each contract year brings, in the asset's smallest unit. */
  readonly packageAmount: Amount
  /** What the package of one year costs. */
  readonly priceCents: Cents
}

const COLUMNS = 'starts_on, ends_on, package_asset, package_amount, price_cents'
const ONE = `SELECT ${COLUMNS} FROM contract WHERE account_id = $1`
const PUT = `INSERT INTO contract (account_id, starts_on, ends_on, package_asset, package_amount, price_cents, created_at, updated_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $7)
  ON CONFLICT (account_id) DO UPDATE SET starts_on = excluded.starts_on, ends_on = excluded.ends_on,
    package_asset = excluded.package_asset, package_amount = excluded.package_amount, price_cents = excluded.price_cents,
    updated_at = excluded.updated_at`
const SET_DUE = 'UPDATE contract SET due_at = $2 WHERE account_id = $1'
const DUE = `SELECT c.due_at, a.clock_at FROM contract c JOIN billing_account a ON a.id = c.account_id WHERE c.account_id = $1`
const DUE_ACCOUNTS = `SELECT account_id FROM (
    SELECT c.account_id, c.due_at FROM contract c JOIN billing_account a ON a.id = c.account_id
    WHERE c.due_at <= $1 AND a.clock_at IS NULL
    UNION ALL
    SELECT c.account_id, c.due_at FROM billing_account a JOIN contract c ON c.account_id = a.id
    WHERE a.clock_at IS NOT NULL AND c.due_at <= a.clock_at
  ) AS due ORDER BY due_at, account_id LIMIT $2`

/** The contract of an account, the one that runs or else the last; null: there never was one. Decide by it under the account's lock. */
export async function findContract(accountId: string, tx: Tx = { query }): Promise<Contract | null> {
  const [row] = await tx.query(ONE, [accountId])
  return row === undefined ? null : readContract(row)
}

/** Adds an account's contract or replaces it. Call under the account's lock. */
export async function putContract(tx: Tx, accountId: string, contract: Contract, now: Date): Promise<void> {
  const { startsOn, endsOn, packageAsset, packageAmount, priceCents } = contract
  await tx.query(PUT, [accountId, startsOn, endsOn, packageAsset, packageAmount, priceCents, now])
}

/** Notes when the package of a contract is to be looked at again. */
export async function setContractDue(tx: Tx, accountId: string, dueAt: Date | null): Promise<void> {
  await tx.query(SET_DUE, [accountId, dueAt])
}

/** When the package of an account's contract is to be looked at again. */
export async function findContractDue(accountId: string): Promise<DueInstant> {
  const [row] = await query(DUE, [accountId])
  return { dueAt: (row?.['due_at'] ?? null) as Date | null, clockAt: (row?.['clock_at'] ?? null) as Date | null }
}

/** Accounts whose contract is due by an instant, or by their own test clock; the longest due first. */
export async function listContractsDue(until: Date, limit: number): Promise<readonly string[]> {
  return (await query(DUE_ACCOUNTS, [until, limit])).map((row) => row['account_id'] as string)
}

function readContract(row: Row): Contract {
  return {
    startsOn: row['starts_on'] as string,
    endsOn: row['ends_on'] as string,
    packageAsset: row['package_asset'] as string,
    packageAmount: amount(row['package_amount'] as bigint),
    priceCents: cents(row['price_cents'] as bigint),
  }
}
