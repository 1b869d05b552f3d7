import 'server-only'

import type { Role, Seat } from '@/lib/auth/rules/actor'
import { amount, type Amount } from '@/lib/money/amount'

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
const BY_EXTERNAL_ID = `SELECT ${COLUMNS} FROM account_member WHERE account_id = $1 AND external_id = $2`
const PUT = `INSERT INTO account_member (id, account_id, external_id, name, email, role, seat, lite_asset, lite_amount, created_at, updated_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10)
  ON CONFLICT (account_id, external_id) DO UPDATE SET name = excluded.name, email = excluded.email, role = excluded.role,
    seat = excluded.seat, lite_asset = excluded.lite_asset, lite_amount = excluded.lite_amount, updated_at = excluded.updated_at
  RETURNING ${COLUMNS}`

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

/** The member of an account with this external id, or null. */
export async function findAccountMember(accountId: string, externalId: string): Promise<AccountMember | null> {
  const [row] = await query(BY_EXTERNAL_ID, [accountId, externalId])
  return row === undefined ? null : readMember(row)
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
