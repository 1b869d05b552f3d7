import 'server-only'

import type { Mode } from '@/lib/auth/rules/actor'
import { cents, type Cents } from '@/lib/money/cents'
import { formatQuantity, type Quantity } from '@/lib/money/quantity'

import { readQuantity } from './numeric'
import { query, type Row, type Tx } from './pool'

/** What a plan costs a month, and what it covers and gives each period. */
export type Plan = {
  readonly key: string
  readonly name: string
  readonly monthlyPriceCents: Cents
  readonly allowances: readonly { readonly meter: string; readonly quantity: Quantity }[]
  /** Amounts are decimal strings at the asset's scale, which stands while a plan names the asset. */
  readonly entitlements: readonly { readonly asset: string; readonly amount: string }[]
  readonly seats: number | null
}

const COLUMNS = 'key, name, monthly_price_cents, allowances, entitlements, seats'
const LIST = `SELECT ${COLUMNS} FROM plan WHERE mode = $1 ORDER BY key`
const ONE = `SELECT ${COLUMNS} FROM plan WHERE mode = $1 AND key = $2`
const SHARE = `${ONE} FOR SHARE`
const PUT = `INSERT INTO plan (mode, key, name, monthly_price_cents, allowances, entitlements, seats) VALUES ($1, $2, $3, $4, $5, $6, $7)
  ON CONFLICT (mode, key) DO UPDATE SET name = excluded.name, monthly_price_cents = excluded.monthly_price_cents,
    allowances = excluded.allowances, entitlements = excluded.entitlements, seats = excluded.seats`
const TOUCH = `UPDATE billing_account SET terms_version = terms_version + 1,
    plan_due_at = LEAST(plan_due_at, coalesce(clock_at, $3)) WHERE mode = $1 AND plan_key = $2`

/** The plans of a mode, by key. */
export async function listPlans(mode: Mode): Promise<readonly Plan[]> {
  return (await query(LIST, [mode])).map(readPlan)
}

/** A plan of a mode, or null. */
export async function findPlan(tx: Tx, mode: Mode, key: string): Promise<Plan | null> {
  return first(await tx.query(ONE, [mode, key]))
}

/** A plan that does not change until the transaction ends, or null. Take it before the accounts that go on it. */
export async function sharePlan(tx: Tx, mode: Mode, key: string): Promise<Plan | null> {
  return first(await tx.query(SHARE, [mode, key]))
}

/** Adds or replaces a plan. Locks its row, so that no account goes on it meanwhile; call `touchAccountsOnPlan` next. */
export async function putPlan(tx: Tx, mode: Mode, plan: Plan): Promise<void> {
  const allowances = plan.allowances.map(({ meter, quantity }) => ({ meter, quantity: formatQuantity(quantity) }))
  const values = [mode, plan.key, plan.name, plan.monthlyPriceCents]
  await tx.query(PUT, [...values, JSON.stringify(allowances), JSON.stringify(plan.entitlements), plan.seats])
}

/** Makes the terms of every account on a plan stale, and its entitlements due: at an instant, or where its test clock stands. Locks the accounts. */
export async function touchAccountsOnPlan(tx: Tx, mode: Mode, key: string, dueAt: Date): Promise<void> {
  await tx.query(TOUCH, [mode, key, dueAt])
}

function first([row]: readonly Row[]): Plan | null {
  return row === undefined ? null : readPlan(row)
}

function readPlan(row: Row): Plan {
  const allowances = row['allowances'] as readonly { readonly meter: string; readonly quantity: string }[]
  return {
    key: row['key'] as string,
    name: row['name'] as string,
    monthlyPriceCents: cents(row['monthly_price_cents'] as bigint),
    allowances: allowances.map(({ meter, quantity }) => ({ meter, quantity: readQuantity(quantity) })),
    entitlements: row['entitlements'] as Plan['entitlements'],
    seats: row['seats'] as number | null,
  }
}
