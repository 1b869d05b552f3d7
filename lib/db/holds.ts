import 'server-only'

import type { HoldState, HoldStatus } from '@/lib/ledger/types'
import { amount, type Amount } from '@/lib/money/amount'
import type { Quantity } from '@/lib/money/quantity'
import type { CountingPeriod } from '@/lib/usage/rules/period'
import type { LimitScope } from '@/lib/usage/rules/limits'

import { readQuantity } from './numeric'
import { query, type Row, type Tx } from './pool'

/** What a hold set aside besides credits, so that it can be given back to where it was taken. */
export type Reservations = {
  readonly allowance: { readonly meter: string; readonly periodStart: Date; readonly quantity: Quantity } | null
  /** The counters of spend limits in which its outstanding amount is reserved. */
  readonly limits: readonly LimitPlace[]
}

/** Names the counter of a spend limit: whose spending, in which period. */
export type LimitPlace = {
  readonly scope: LimitScope
  /** Empty for the organization. */
  readonly subject: string
  readonly period: CountingPeriod
  readonly periodStart: Date
}

/** What was authorized and for whom: never changes. */
export type HoldPurpose = {
  readonly meter: string | null
  readonly quantity: Quantity | null
  readonly member: string | null
  readonly key: string | null
  readonly resource: string | null
  readonly model: string | null
  readonly feature: string | null
  readonly dimensions: Readonly<Record<string, string>>
}

/** A hold with where it is, what it is for, and what it reserved. */
export type StoredHold = {
  readonly accountId: string
  readonly walletId: string
  readonly assetCode: string
  readonly scale: number
  /** The Lite member whose wallet it is in; null for the pool. */
  readonly memberId: string | null
  readonly state: HoldState
  readonly purpose: HoldPurpose
  readonly reservations: Reservations
  readonly actor: string
  readonly createdAt: Date
}

const COLUMNS = `h.account_id, h.id, h.wallet_id, w.asset_code, w.scale, w.member_id, h.status, h.amount, h.captured, h.released,
  h.expires_at, h.created_at, h.actor, h.meter, h.quantity, h.member, h.key_label, h.resource, h.model, h.feature, h.dimensions, h.reservations`
const PARTS = `(SELECT json_agg(json_build_array(p.grant_id, p.held::text) ORDER BY p.part_order) FROM hold_allocation p
  WHERE p.account_id = h.account_id AND p.hold_id = h.id) AS parts`
const FROM = `SELECT ${COLUMNS}, ${PARTS} FROM hold h JOIN wallet w ON w.account_id = h.account_id AND w.id = h.wallet_id`
const OWNER = 'SELECT account_id FROM hold_owner WHERE hold_id = $1'
const ONE = `${FROM} WHERE h.account_id = $1 AND h.id = $2`
const BY_IDS = `${FROM} WHERE (h.account_id, h.id) IN (SELECT * FROM unnest($1::uuid[], $2::uuid[]))`
const DUE = `${FROM} JOIN unnest($1::uuid[], $2::uuid[], $3::timestamptz[]) AS u (account_id, wallet_id, at)
    ON h.account_id = u.account_id AND h.wallet_id = u.wallet_id AND h.expires_at <= u.at
  WHERE h.status = 'open' ORDER BY h.expires_at, h.id`
const DUE_IN_ACCOUNT = `${FROM} WHERE h.account_id = $1 AND h.status = 'open' AND h.expires_at <= $2 ORDER BY h.expires_at, h.id LIMIT ${1_000}`
const NEXT_EXPIRY = `SELECT min(expires_at) AS next FROM hold WHERE account_id = $1 AND status = 'open'`
/** Open holds past their expiry, by real time and by test clocks: a clock may stand before real time, or ahead of it. */
const DUE_ACCOUNTS = `(SELECT DISTINCT h.account_id FROM hold h JOIN billing_account a ON a.id = h.account_id
    WHERE a.clock_at IS NULL AND h.status = 'open' AND h.expires_at <= $1 LIMIT $2)
  UNION (SELECT DISTINCT h.account_id FROM billing_account a JOIN hold h ON h.account_id = a.id
    WHERE a.clock_at IS NOT NULL AND h.status = 'open' AND h.expires_at <= a.clock_at LIMIT $2)
  LIMIT $2`
const UNPINNED = `SELECT h.account_id, h.wallet_id, sum(greatest(0, h.amount - h.captured - h.released - coalesce((
      SELECT sum(p.held) FROM hold_allocation p WHERE p.account_id = h.account_id AND p.hold_id = h.id), 0)))::text AS unpinned
  FROM hold h JOIN unnest($1::uuid[], $2::uuid[]) AS u (account_id, wallet_id)
    ON h.account_id = u.account_id AND h.wallet_id = u.wallet_id
  WHERE h.status = 'open' GROUP BY h.account_id, h.wallet_id`
/** A hold of any account by its id (a UUID), or null. The caller checks whose it is. */
export async function findHold(id: string): Promise<StoredHold | null> {
  const [owner] = await query(OWNER, [id])
  if (owner === undefined) return null
  const [row] = await query(ONE, [owner['account_id'], id])
  return row === undefined ? null : readHold(row)
}

/** Holds by account and id. Call under the locks of their wallets: it is what lets exactly one of capture and expiry win. */
export async function readHolds(
  tx: Tx,
  places: readonly { readonly accountId: string; readonly id: string }[],
): Promise<readonly StoredHold[]> {
  if (places.length === 0) return []
  const rows = await tx.query(BY_IDS, [places.map(({ accountId }) => accountId), places.map(({ id }) => id)])
  return rows.map(readHold)
}

/** A wallet that is locked, and the time of its account. */
type WalletAt = { readonly accountId: string; readonly id: string; readonly at: Date }

/** The open holds of locked wallets that are past their expiry, all of them: their credit is free for any decision (api.md, Readings). */
export async function readDueHolds(tx: Tx, wallets: readonly WalletAt[]): Promise<readonly StoredHold[]> {
  if (wallets.length === 0) return []
  const rows = await tx.query(DUE, [
    wallets.map(({ accountId }) => accountId),
    wallets.map(({ id }) => id),
    wallets.map(({ at }) => at),
  ])
  return rows.map(readHold)
}

/** The open holds of an account that are past their expiry at an instant, at most a thousand, the earliest first. */
export async function readAccountDueHolds(accountId: string, at: Date): Promise<readonly StoredHold[]> {
  return (await query(DUE_IN_ACCOUNT, [accountId, at])).map(readHold)
}

/** When the next open hold of an account expires, which may have passed; null when none is open. */
export async function readNextHoldExpiry(accountId: string): Promise<Date | null> {
  const [row] = await query(NEXT_EXPIRY, [accountId])
  return (row?.['next'] ?? null) as Date | null
}

/** Accounts with an open hold past its expiry by an instant, and by their own test clock. */
export async function accountsWithDueHolds(until: Date, limit: number): Promise<readonly string[]> {
  return (await query(DUE_ACCOUNTS, [until, limit])).map((row) => row['account_id'] as string)
}

/** By wallet id: what open holds were allowed beyond their grants, by an overdraft. */
export async function readUnpinned(
  tx: Tx,
  wallets: readonly Omit<WalletAt, 'at'>[],
): Promise<ReadonlyMap<string, Amount>> {
  if (wallets.length === 0) return new Map()
  const rows = await tx.query(UNPINNED, [wallets.map(({ accountId }) => accountId), wallets.map(({ id }) => id)])
  return new Map(rows.map((row) => [row['wallet_id'] as string, amount(BigInt(row['unpinned'] as string))]))
}

function readHold(row: Row): StoredHold {
  return {
    accountId: row['account_id'] as string,
    walletId: row['wallet_id'] as string,
    assetCode: row['asset_code'] as string,
    scale: row['scale'] as number,
    memberId: row['member_id'] as string | null,
    state: {
      id: row['id'] as string,
      status: row['status'] as HoldStatus,
      amount: amount(row['amount'] as bigint),
      captured: amount(row['captured'] as bigint),
      released: amount(row['released'] as bigint),
      expiresAt: row['expires_at'] as Date,
      parts: ((row['parts'] ?? []) as [string, string][]).map(([grantId, units]) => ({
        grantId,
        held: amount(BigInt(units)),
      })),
    },
    purpose: {
      meter: row['meter'] as string | null,
      quantity: row['quantity'] === null ? null : readQuantity(row['quantity'] as string),
      member: row['member'] as string | null,
      key: row['key_label'] as string | null,
      resource: row['resource'] as string | null,
      model: row['model'] as string | null,
      feature: row['feature'] as string | null,
      dimensions: (row['dimensions'] ?? {}) as Readonly<Record<string, string>>,
    },
    reservations: readReservations(row['reservations'] as StoredReservations),
    actor: row['actor'] as string,
    createdAt: row['created_at'] as Date,
  }
}

type StoredReservations = {
  readonly allowance: { readonly meter: string; readonly periodStart: string; readonly quantity: string } | null
  readonly limits: readonly (Omit<LimitPlace, 'periodStart'> & { readonly periodStart: string })[]
}

function readReservations({ allowance, limits }: StoredReservations): Reservations {
  return {
    allowance:
      allowance === null
        ? null
        : {
            meter: allowance.meter,
            periodStart: new Date(allowance.periodStart),
            quantity: readQuantity(allowance.quantity),
          },
    limits: limits.map((place) => ({ ...place, periodStart: new Date(place.periodStart) })),
  }
}
