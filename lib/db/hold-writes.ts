import 'server-only'

import type { HoldPart } from '@/lib/ledger/types'
import type { Amount } from '@/lib/money/amount'
import { formatQuantity } from '@/lib/money/quantity'

import type { Reservations, StoredHold } from './holds'
import type { Tx } from './pool'

const INSERT_HOLDS = `INSERT INTO hold (account_id, id, wallet_id, status, amount, captured, released, expires_at, created_at, actor, meter,
    quantity, member, key_label, resource, model, feature, dimensions, reservations)
  SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::bigint[], $6::bigint[], $7::bigint[], $8::timestamptz[],
    $9::timestamptz[], $10::text[], $11::text[], $12::numeric[], $13::text[], $14::text[], $15::text[], $16::text[], $17::text[],
    $18::jsonb[], $19::jsonb[])`
const INSERT_OWNERS = 'INSERT INTO hold_owner (account_id, hold_id) SELECT * FROM unnest($1::uuid[], $2::uuid[])'
const INSERT_PARTS = `INSERT INTO hold_allocation (account_id, hold_id, part_order, grant_id, held)
  SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::smallint[], $4::uuid[], $5::bigint[])`
const UPDATE_HOLDS = `UPDATE hold AS h SET status = u.status, captured = u.captured, released = u.released, expires_at = u.expires_at,
    reservations = u.reservations
  FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::bigint[], $5::bigint[], $6::timestamptz[], $7::jsonb[])
    AS u (account_id, id, status, captured, released, expires_at, reservations)
  WHERE h.account_id = u.account_id AND h.id = u.id AND h.status IN ('open', 'expired') RETURNING h.id`
const UPDATE_PARTS = `UPDATE hold_allocation AS p SET held = u.held
  FROM unnest($1::uuid[], $2::uuid[], $3::smallint[], $4::bigint[]) AS u (account_id, hold_id, part_order, held)
  WHERE p.account_id = u.account_id AND p.hold_id = u.hold_id AND p.part_order = u.part_order`

/** Adds new holds with what they pin. Call under the locks of their wallets. */
export async function insertHolds(tx: Tx, holds: readonly StoredHold[]): Promise<void> {
  if (holds.length === 0) return
  const column = <Value>(pick: (hold: StoredHold) => Value): Value[] => holds.map(pick)
  const accounts = column(({ accountId }) => accountId)
  const ids = column(({ state }) => state.id)
  const inserted = tx.query(INSERT_HOLDS, [
    accounts,
    ids,
    column(({ walletId }) => walletId),
    column(({ state }) => state.status),
    column(({ state }) => state.amount),
    column(({ state }) => state.captured),
    column(({ state }) => state.released),
    column(({ state }) => state.expiresAt),
    column(({ createdAt }) => createdAt),
    column(({ actor }) => actor),
    column(({ purpose }) => purpose.meter),
    column(({ purpose }) => (purpose.quantity === null ? null : formatQuantity(purpose.quantity))),
    column(({ purpose }) => purpose.member),
    column(({ purpose }) => purpose.key),
    column(({ purpose }) => purpose.resource),
    column(({ purpose }) => purpose.model),
    column(({ purpose }) => purpose.feature),
    column(({ purpose }) => JSON.stringify(purpose.dimensions)),
    column(({ reservations }) => writeReservations(reservations)),
  ])
  const parts = holds.flatMap(placedParts)
  await Promise.all([
    inserted,
    tx.query(INSERT_OWNERS, [accounts, ids]),
    parts.length === 0
      ? null
      : tx.query(INSERT_PARTS, [...partPlaces(parts), parts.map((part) => part.grantId), held(parts)]),
  ])
}

/** Moves holds on. Throws when one of them was closed by somebody else, which the wallet's lock makes impossible. */
export async function updateHolds(tx: Tx, holds: readonly StoredHold[]): Promise<void> {
  if (holds.length === 0) return
  const updating = tx.query(UPDATE_HOLDS, [
    holds.map(({ accountId }) => accountId),
    holds.map(({ state }) => state.id),
    holds.map(({ state }) => state.status),
    holds.map(({ state }) => state.captured),
    holds.map(({ state }) => state.released),
    holds.map(({ state }) => state.expiresAt),
    holds.map(({ reservations }) => writeReservations(reservations)),
  ])
  const parts = holds.flatMap(placedParts)
  const [updated] = await Promise.all([
    updating,
    parts.length === 0 ? null : tx.query(UPDATE_PARTS, [...partPlaces(parts), held(parts)]),
  ])
  if (updated.length !== holds.length) throw new Error('a hold was closed without the lock of its wallet')
}

type PlacedPart = HoldPart & { readonly accountId: string; readonly holdId: string; readonly order: number }

function placedParts({ accountId, state }: StoredHold): readonly PlacedPart[] {
  return state.parts.map((part, index) => ({ ...part, accountId, holdId: state.id, order: index + 1 }))
}

function partPlaces(parts: readonly PlacedPart[]): readonly unknown[] {
  return [parts.map((part) => part.accountId), parts.map((part) => part.holdId), parts.map((part) => part.order)]
}

function held(parts: readonly PlacedPart[]): readonly Amount[] {
  return parts.map((part) => part.held)
}

function writeReservations({ allowance, limits }: Reservations): string {
  return JSON.stringify({
    allowance: allowance === null ? null : { ...allowance, quantity: formatQuantity(allowance.quantity) },
    limits,
  })
}
