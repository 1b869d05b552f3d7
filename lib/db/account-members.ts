import 'server-only'

import type { Role, Seat } from '@/lib/auth/rules/actor'
import { amount, type Amount } from '@/lib/money/amount'

import type { DueInstant } from './account-plans'
import { newId } from './ids'
import { query, type Row, type Tx } from './pool'

/** Who spends, as the hot path needs to know it: `id` names the wallets of a Lite member (`wallet.member_id`). */
export type SpendingMember = { readonly id: string; readonly seat: Seat }

/** What a Lite member gets on the 1st of each month. */
export type LiteAllocation = { readonly asset: string; readonly amount: Amount }

/** A member as the operator's backend names them. */
export type AccountMember = SpendingMember & {
  readonly accountId: string
  readonly externalId: string
  readonly name: string | null
  readonly email: string | null
  readonly role: Role
  readonly lite: LiteAllocation | null
}

/** A member as they are to be. */
export type NewAccountMember = Omit<AccountMember, 'id' | 'accountId'>

const COLUMNS = 'id, account_id, external_id, name, email, role, seat, lite_asset, lite_amount'
const SEATS = 'SELECT external_id, id, seat FROM account_member WHERE account_id = $1 AND external_id = ANY($2)'
const PRO_MEMBERS = `SELECT count(*)::int AS members FROM account_member WHERE account_id = $1 AND seat = 'pro'`
const LOCK_NAMED = `SELECT ${COLUMNS} FROM account_member WHERE account_id = $1 AND external_id = $2 FOR UPDATE`
const ONE = `SELECT ${COLUMNS} FROM account_member WHERE account_id = $1 AND id = $2`
const LOCK = `${ONE} FOR UPDATE`
const WITH_EMAIL = 'SELECT external_id FROM account_member WHERE account_id = $1 AND email = $2'
const SET_DUE = 'UPDATE account_member SET lite_due_at = $3 WHERE account_id = $1 AND id = $2'
const DUE = `SELECT a.clock_at, (SELECT min(m.lite_due_at) FROM account_member m WHERE m.account_id = a.id) AS due_at
  FROM billing_account a WHERE a.id = $1`
const DUE_MEMBERS = `SELECT id FROM account_member WHERE account_id = $1 AND lite_due_at <= $2 ORDER BY lite_due_at, id LIMIT $3`
const DUE_ACCOUNTS = `SELECT account_id FROM (
    SELECT m.account_id, m.lite_due_at FROM account_member m JOIN billing_account a ON a.id = m.account_id
    WHERE m.lite_due_at <= $1 AND a.clock_at IS NULL
    UNION ALL
    SELECT m.account_id, m.lite_due_at FROM billing_account a JOIN account_member m ON m.account_id = a.id
    WHERE a.clock_at IS NOT NULL AND m.lite_due_at <= a.clock_at
  ) AS due GROUP BY account_id ORDER BY min(lite_due_at), account_id LIMIT $2`
const PUT = `INSERT INTO account_member (id, account_id, external_id, name, email, role, seat, lite_asset, lite_amount, created_at, updated_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10)
  ON CONFLICT (account_id, external_id) DO UPDATE SET name = excluded.name, email = excluded.email, role = excluded.role,
    seat = excluded.seat, lite_asset = excluded.lite_asset, lite_amount = excluded.lite_amount, updated_at = excluded.updated_at
  RETURNING ${COLUMNS}`

/** What a member gets each month as a Lite one; null: nothing. */
export async function findLiteAllocation(accountId: string, id: string): Promise<LiteAllocation | null> {
  const [row] = await query(ONE, [accountId, id])
  return row === undefined ? null : readMember(row).lite
}

/** How many Pro members an account has. */
export async function countProMembers(tx: Tx, accountId: string): Promise<number> {
  const [row] = await tx.query(PRO_MEMBERS, [accountId])
  return (row?.['members'] ?? 0) as number
}

/** The members of an account that are called by these external ids, by external id; those that are not known are left out. */
export async function findMembers(
  tx: Tx,
  accountId: string,
  externalIds: readonly string[],
): Promise<ReadonlyMap<string, SpendingMember>> {
  if (externalIds.length === 0) return new Map()
  const rows = await tx.query(SEATS, [accountId, externalIds])
  return new Map(
    rows.map((row) => [row['external_id'] as string, { id: row['id'] as string, seat: row['seat'] as Seat }]),
  )
}

/** The member of an account with this external id, locked until the transaction ends, or null. Lock the account before, wallets after. */
export async function lockMemberNamed(tx: Tx, accountId: string, externalId: string): Promise<AccountMember | null> {
  const [row] = await tx.query(LOCK_NAMED, [accountId, externalId])
  return row === undefined ? null : readMember(row)
}

/** A member by their id, locked until the transaction ends. Throws when they are gone: members are never removed. */
export async function lockMember(tx: Tx, accountId: string, id: string): Promise<AccountMember> {
  const [row] = await tx.query(LOCK, [accountId, id])
  if (row === undefined) throw new Error(`member ${id} does not exist`)
  return readMember(row)
}

/** Whom of an account this e-mail address belongs to, by external id; null: nobody. Read it under the account's lock. */
export async function findMemberWithEmail(tx: Tx, accountId: string, email: string): Promise<string | null> {
  const [row] = await tx.query(WITH_EMAIL, [accountId, email])
  return (row?.['external_id'] ?? null) as string | null
}

/** Notes when a Lite member's allocation is to be looked at again. */
export async function setLiteDue(tx: Tx, accountId: string, id: string, dueAt: Date | null): Promise<void> {
  await tx.query(SET_DUE, [accountId, id, dueAt])
}

/** When the first Lite allocation of an account is to be looked at again. */
export async function findLiteDue(accountId: string): Promise<DueInstant> {
  const [row] = await query(DUE, [accountId])
  return { dueAt: (row?.['due_at'] ?? null) as Date | null, clockAt: (row?.['clock_at'] ?? null) as Date | null }
}

/** The members of an account whose allocation is due by an instant, the longest due first. */
export async function listMembersDue(accountId: string, until: Date, limit: number): Promise<readonly string[]> {
  return (await query(DUE_MEMBERS, [accountId, until, limit])).map((row) => row['id'] as string)
}

/** Accounts with a Lite allocation that is due by an instant, or by their own test clock; the longest due first. */
export async function listLiteDue(until: Date, limit: number): Promise<readonly string[]> {
  return (await query(DUE_ACCOUNTS, [until, limit])).map((row) => row['account_id'] as string)
}

/** Adds a member or replaces what is known of them. Locks their row. Raise the account's terms version in the same transaction. */
export async function putAccountMember(
  tx: Tx,
  accountId: string,
  member: NewAccountMember,
  now: Date,
): Promise<AccountMember> {
  const { externalId, name, email, role, seat, lite } = member
  const values = [
    newId(),
    accountId,
    externalId,
    name,
    email,
    role,
    seat,
    lite?.asset ?? null,
    lite?.amount ?? null,
    now,
  ]
  const [row] = await tx.query(PUT, values)
  if (row === undefined) throw new Error(`member ${externalId} was not written`)
  return readMember(row)
}

function readMember(row: Row): AccountMember {
  const asset = row['lite_asset'] as string | null
  return {
    id: row['id'] as string,
    accountId: row['account_id'] as string,
    externalId: row['external_id'] as string,
    name: row['name'] as string | null,
    email: row['email'] as string | null,
    role: row['role'] as Role,
    seat: row['seat'] as Seat,
    lite: asset === null ? null : { asset, amount: amount(row['lite_amount'] as bigint) },
  }
}
