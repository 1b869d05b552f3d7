import 'server-only'

import type { Mode } from '@/lib/auth/rules/actor'
import { amount, type Amount } from '@/lib/money/amount'
import type { RunState } from '@/lib/usage/rules/run'
import type { RunSubject } from '@/lib/usage/rules/run-body'

import { newId, readId } from './ids'
import { query, type Row, type Tx } from './pool'

/** A run with what it uses and what it cost so far. */
export type Run = {
  readonly accountId: string
  readonly id: string
  /** The caller's own id. */
  readonly externalId: string
  readonly bodyHash: string
  readonly subject: RunSubject
  readonly state: RunState
  readonly assetCode: string
  readonly scale: number
  /** What the billed units cost in the asset in which the run began. */
  readonly amount: Amount
  /** The wallet that paid last; null while nothing was billed. */
  readonly walletId: string | null
  /** When it is to be looked at next; null: only its caller can change it. */
  readonly dueAt: Date | null
}

/** A run to be added. */
export type NewRun = Pick<Run, 'externalId' | 'bodyHash' | 'subject' | 'state' | 'assetCode' | 'scale'>

const COLUMNS = `account_id, id, external_id, body_hash, status, meter, unit, resource, model, member, key_label, dimensions,
  timeout_seconds, started_at, ready_at, stopped_at, stop_reason, pause_reason, changed_at, alive_at, heard_at, span_start, span_end,
  ran_before_ms, billed_units, asset_code, scale, amount, wallet_id, due_at`
const BY_ID = `SELECT ${COLUMNS} FROM run WHERE account_id = $1 AND id = $2`
const BY_EXTERNAL_ID = `SELECT ${COLUMNS} FROM run WHERE account_id = $1 AND external_id = $2`
const INSERT = `INSERT INTO run (account_id, id, external_id, body_hash, status, meter, unit, resource, model, member, key_label, dimensions,
    timeout_seconds, started_at, changed_at, alive_at, heard_at, asset_code, scale, created_at)
  VALUES ($1, $2, $3, $4, 'cold', $5, $6, $7, $8, $9, $10, $11, $12, $13, $13, $13, $14, $15, $16, $14)
  ON CONFLICT (account_id, external_id) DO NOTHING RETURNING ${COLUMNS}`
const INSERT_OWNER = 'INSERT INTO run_owner (run_id, account_id, external_id) VALUES ($1, $2, $3)'
const MOVE = `UPDATE run SET status = $3, ready_at = $4, stopped_at = $5, stop_reason = $6, pause_reason = $7, changed_at = $8, alive_at = $9,
    heard_at = $10, span_start = $11, span_end = $12, ran_before_ms = $13, due_at = $14
  WHERE account_id = $1 AND id = $2 RETURNING ${COLUMNS}`
const BILL = `UPDATE run SET billed_units = $4, amount = amount + $5, wallet_id = coalesce($6, wallet_id)
  WHERE account_id = $1 AND id = $2 AND billed_units = $3 RETURNING ${COLUMNS}`
const LOOKED_AT = `UPDATE run SET due_at = $4
  WHERE account_id = $1 AND id = $2 AND billed_units = $3 AND status = $5 AND changed_at = $6 AND heard_at = $7`
const OWNER_BY_ID = `SELECT o.run_id, o.account_id FROM run_owner o JOIN billing_account a ON a.id = o.account_id
  WHERE o.run_id = $2 AND a.mode = $1`
const OWNERS_BY_EXTERNAL_ID = `SELECT o.run_id, o.account_id FROM run_owner o JOIN billing_account a ON a.id = o.account_id
  WHERE o.external_id = $2 AND a.mode = $1 LIMIT 2`

/** A run of an account, or null. Inside a transaction give its `tx`. */
export async function findRun(accountId: string, id: string, tx: Tx = { query }): Promise<Run | null> {
  return first(await tx.query(BY_ID, [accountId, id]))
}

/** Locks a run. Throws when it does not exist. */
export async function lockRun(tx: Tx, accountId: string, id: string): Promise<Run> {
  return one(await tx.query(`${BY_ID} FOR UPDATE`, [accountId, id]))
}

/** The run of an account that its caller named so, or null. */
export async function findRunByExternalId(tx: Tx, accountId: string, externalId: string): Promise<Run | null> {
  return first(await tx.query(BY_EXTERNAL_ID, [accountId, externalId]))
}

/**
 * Where the runs of a mode are that a path names: by our id one or none, by the caller's own id those of two organizations at most, so
 * that the caller can be told to say which.
 */
export async function findRunOwners(
  mode: Mode,
  name: string,
): Promise<readonly { readonly accountId: string; readonly runId: string }[]> {
  const id = readId('run', name)
  const rows = id === null ? await query(OWNERS_BY_EXTERNAL_ID, [mode, name]) : await query(OWNER_BY_ID, [mode, id])
  return rows.map((row) => ({ accountId: row['account_id'] as string, runId: row['run_id'] as string }))
}

/** Adds a cold run. Null when the account has a run of that own id by now. */
export async function insertRun(tx: Tx, accountId: string, run: NewRun, now: Date): Promise<Run | null> {
  const { externalId, bodyHash, subject, state, assetCode, scale } = run
  const id = newId()
  const inserted = await tx.query(INSERT, [
    accountId,
    id,
    externalId,
    bodyHash,
    subject.meter,
    state.unit,
    subject.resource,
    subject.model,
    subject.member,
    subject.key,
    JSON.stringify(subject.dimensions),
    state.timeoutSeconds,
    state.startedAt,
    now,
    assetCode,
    scale,
  ])
  if (inserted.length > 0) await tx.query(INSERT_OWNER, [id, accountId, externalId])
  return first(inserted)
}

/** Writes where a locked run has moved to, and when it is to be looked at next. What it billed stays. */
export async function saveRunMove(tx: Tx, run: Run, state: RunState, dueAt: Date | null): Promise<Run> {
  return one(
    await tx.query(MOVE, [
      run.accountId,
      run.id,
      state.status,
      state.readyAt,
      state.stoppedAt,
      state.stopReason,
      state.pauseReason,
      state.changedAt,
      state.aliveAt,
      state.heardAt,
      state.spanStart,
      state.spanEnd,
      state.ranBeforeMs,
      dueAt,
    ]),
  )
}

/** What one usage event of a run recorded. */
export type BilledStep = {
  readonly fromUnit: number
  readonly toUnit: number
  readonly amount: Amount
  readonly walletId: string
}

/** Lets a run follow one usage event of its own. Null when it has done so already. */
export async function billRun(run: Run, step: BilledStep): Promise<Run | null> {
  const { accountId, id } = run
  return first(await query(BILL, [accountId, id, step.fromUnit, step.toUnit, step.amount, step.walletId]))
}

/** Says when a run is to be looked at next, unless it has moved since it was read. */
export async function saveRunLook(tx: Tx, run: Run, dueAt: Date | null): Promise<void> {
  const { status, changedAt, heardAt, billedUnits } = run.state
  const seen = [status, changedAt, heardAt]
  await tx.query(LOOKED_AT, [run.accountId, run.id, billedUnits, dueAt, ...seen])
}

function one(rows: readonly Row[]): Run {
  const run = first(rows)
  if (run === null) throw new Error('the run does not exist')
  return run
}

function first([row]: readonly Row[]): Run | null {
  return row === undefined ? null : readRunRow(row)
}

/** A run as its row says. */
export function readRunRow(row: Row): Run {
  return {
    accountId: row['account_id'] as string,
    id: row['id'] as string,
    externalId: row['external_id'] as string,
    bodyHash: row['body_hash'] as string,
    subject: {
      meter: row['meter'] as string,
      resource: row['resource'] as string | null,
      model: row['model'] as string | null,
      member: row['member'] as string | null,
      key: row['key_label'] as string | null,
      dimensions: row['dimensions'] as Readonly<Record<string, string>>,
    },
    state: readState(row),
    assetCode: row['asset_code'] as string,
    scale: row['scale'] as number,
    amount: amount(row['amount'] as bigint),
    walletId: row['wallet_id'] as string | null,
    dueAt: row['due_at'] as Date | null,
  }
}

function readState(row: Row): RunState {
  return {
    status: row['status'] as RunState['status'],
    unit: row['unit'] as RunState['unit'],
    timeoutSeconds: row['timeout_seconds'] as number | null,
    startedAt: row['started_at'] as Date,
    readyAt: row['ready_at'] as Date | null,
    stoppedAt: row['stopped_at'] as Date | null,
    stopReason: row['stop_reason'] as RunState['stopReason'],
    pauseReason: row['pause_reason'] as RunState['pauseReason'],
    changedAt: row['changed_at'] as Date,
    aliveAt: row['alive_at'] as Date,
    heardAt: row['heard_at'] as Date,
    spanStart: row['span_start'] as Date | null,
    spanEnd: row['span_end'] as Date | null,
    ranBeforeMs: Number(row['ran_before_ms']),
    billedUnits: Number(row['billed_units']),
  }
}
