import 'server-only'

import type { Mode } from '@/lib/auth/rules/actor'
import { query, type Row, type Tx } from './pool'

/** An account as its plan needs to know it. */
export type AccountPlan = {
  readonly id: string
  readonly mode: Mode
  readonly timeZone: string
  readonly clockAt: Date | null
  readonly planKey: string | null
  /** The day of the month on which the periods begin, of the plan or else of the account. */
  readonly anchorDay: number
}

/** The plan that an account is to be on. */
export type NewAccountPlan = { readonly planKey: string | null; readonly anchorDay: number | null }

const COLUMNS = `id, mode, time_zone, clock_at, plan_key, coalesce(plan_anchor_day, anchor_day) AS anchor`
const ONE = `SELECT ${COLUMNS} FROM billing_account WHERE id = $1`
const LOCK = `${ONE} FOR UPDATE`
const SET = `UPDATE billing_account SET plan_key = $2, plan_anchor_day = $3, terms_version = terms_version + 1,
    plan_since = CASE WHEN plan_key IS NOT DISTINCT FROM $2 THEN plan_since ELSE $4 END WHERE id = $1`
const SET_DUE = 'UPDATE billing_account SET plan_due_at = $2 WHERE id = $1'
const DUE = 'SELECT plan_due_at, clock_at FROM billing_account WHERE id = $1'
const DUE_ACCOUNTS = `SELECT id FROM (
    SELECT id, plan_due_at FROM billing_account WHERE plan_due_at <= $1 AND clock_at IS NULL
    UNION ALL
    SELECT id, plan_due_at FROM billing_account WHERE clock_at IS NOT NULL AND plan_due_at <= clock_at
  ) AS due ORDER BY plan_due_at, id LIMIT $2`

/** What is due of an account, and by which clock. */
export type DueInstant = { readonly dueAt: Date | null; readonly clockAt: Date | null }

/** An account with its plan, as it stands. Throws when it is gone. */
export async function readAccountPlan(accountId: string, tx: Tx = { query }): Promise<AccountPlan> {
  return one(await tx.query(ONE, [accountId]), accountId)
}

/** The same, locked until the transaction ends. Lock the plan that it goes on before, its wallets after. */
export async function lockAccountPlan(tx: Tx, accountId: string): Promise<AccountPlan> {
  return one(await tx.query(LOCK, [accountId]), accountId)
}

/** Puts an account on a plan, or takes it off (null). Makes its terms stale. */
export async function setAccountPlan(tx: Tx, accountId: string, plan: NewAccountPlan, now: Date): Promise<void> {
  await tx.query(SET, [accountId, plan.planKey, plan.anchorDay, now])
}

/** Notes when the entitlements of an account's plan are to be looked at again. */
export async function setPlanDue(tx: Tx, accountId: string, dueAt: Date | null): Promise<void> {
  await tx.query(SET_DUE, [accountId, dueAt])
}

/** When the entitlements of an account's plan are to be looked at again. */
export async function findPlanDue(accountId: string): Promise<DueInstant> {
  const [row] = await query(DUE, [accountId])
  return { dueAt: (row?.['plan_due_at'] ?? null) as Date | null, clockAt: (row?.['clock_at'] ?? null) as Date | null }
}

/** Accounts whose plan is due by an instant, or by their own test clock; the longest due first. */
export async function listPlanDue(until: Date, limit: number): Promise<readonly string[]> {
  return (await query(DUE_ACCOUNTS, [until, limit])).map((row) => row['id'] as string)
}

function one([row]: readonly Row[], accountId: string): AccountPlan {
  if (row === undefined) throw new Error(`billing account ${accountId} does not exist`)
  return {
    id: accountId,
    mode: row['mode'] as Mode,
    timeZone: row['time_zone'] as string,
    clockAt: row['clock_at'] as Date | null,
    planKey: row['plan_key'] as string | null,
    anchorDay: row['anchor'] as number,
  }
}
