import 'server-only'

import { readCatalogue, type Catalogue } from '@/lib/db/catalogue'
import { inTransaction } from '@/lib/db/pool'
import { billRun, findRun, lockRun, saveRunMove, type Run } from '@/lib/db/runs'
import type { PurserError } from '@/lib/errors'
import { log } from '@/lib/log'

import { checkRunCredit, type RunAsked } from './check-run-credit'
import { endLook } from './end-run-look'
import { findRunUsage, recordRunUsage } from './record-run-usage'
import { moveRun, type RunMove } from '../rules/run'
import { beginOf, billableUntil, isSilent, nextStep, TICK_UNITS, type AccrualStep } from '../rules/run-accrual'
import { stepTerms } from '../rules/run-price'

/** What one turn of a look led to. `mostUnits`: nothing longer than that can be paid. */
type Turn = { readonly run: Run; readonly mostUnits: number }

/** Every hour, day and price of 34 days: no run is further behind. */
const MOST_TURNS = 3_000

/**
 * Brings a run up to date: stops it when its caller is silent, records what it owes up to an instant as usage events, pauses or stops it
 * where nothing pays for it any more, resumes it when credit has arrived, and says when to look again. Any number of looks may go on at
 * once and end anywhere: the id of a usage event names the units that it bills, so they are billed once, and the row follows the events.
 * Locks the wallet that pays, and for a moment the run; never both.
 */
export async function lookAtRun(look: RunAsked, runId: string, upTo: Date): Promise<Run> {
  const catalogue = await readCatalogue(look.terms.mode)
  let turn: Turn = { run: await readRun(look, runId), mostUnits: Infinity }
  const mayResume = turn.run.state.pauseReason === 'insufficient_credits'
  for (let count = 0; count < MOST_TURNS; count += 1) {
    const next = await takeTurn(look, catalogue, turn, upTo, mayResume)
    if (next === null) return endLook(look, turn.run, null)
    if ('error' in next) return endLook(look, turn.run, next.error)
    turn = next
  }
  log().warn({ run: runId }, 'a run is too far behind to be billed in one look')
  return endLook(look, turn.run, { code: 'unavailable' })
}

/** Does the next thing that is to be done, if there is one. */
async function takeTurn(
  look: RunAsked,
  catalogue: Catalogue,
  { run, mostUnits }: Turn,
  upTo: Date,
  mayResume: boolean,
): Promise<Turn | { readonly error: PurserError } | null> {
  const { state } = run
  if (isSilent(state, look.now)) {
    return moved(look, run, { kind: 'stop', reason: 'silent', at: state.aliveAt, now: look.now })
  }
  const until = billableUntil(state, look.now)
  const to = state.spanEnd === null && upTo < until ? upTo : until
  const step = nextStep(
    state,
    to,
    stepTerms(look.terms.timeZone, catalogue.prices.get(run.subject.meter), state),
    mostUnits,
  )
  if (step !== null) return bill(look, run, step, to)
  if (state.spanEnd === null) return null
  const followed = await followEvent(run)
  if (followed !== null) return { run: followed, mostUnits }
  if (!mayResume || state.pauseReason !== 'insufficient_credits') return null
  return resumeWithCredit(look, run)
}

/** Records one step. What is over is recorded whatever pays for it: the work was done (api.md, Readings). */
async function bill(
  look: RunAsked,
  run: Run,
  step: AccrualStep,
  to: Date,
): Promise<Turn | { readonly error: PurserError }> {
  const isOver = run.state.status !== 'running'
  const recorded = await recordRunUsage(look, run, step, isOver ? 'must_record' : 'may_refuse')
  if (recorded.ok) {
    return { run: (await billRun(run, recorded.value)) ?? (await readRun(look, run.id)), mostUnits: Infinity }
  }
  const { code } = recorded.error
  if (code === 'idempotency_conflict') {
    return { run: (await followEvent(run)) ?? (await readRun(look, run.id)), mostUnits: Infinity }
  }
  if (isOver || (code !== 'insufficient_credits' && code !== 'spend_limit_exceeded')) return { error: recorded.error }
  const shorter = halved(step.units, TICK_UNITS[run.state.unit])
  if (shorter !== null) return { run, mostUnits: shorter }
  return endUnpaid(look, run, step, to, code)
}

/**
 * Ends or pauses a run at the tick that nothing pays for. Of a minute of seconds all is recorded, and what is not covered becomes debt;
 * an hour that cannot be paid does not begin.
 */
async function endUnpaid(
  look: RunAsked,
  run: Run,
  step: AccrualStep,
  to: Date,
  reason: 'insufficient_credits' | 'spend_limit_exceeded',
): Promise<Turn> {
  const tickEnd = beginOf(run.state, step.fromUnit + step.units)
  const end = tickEnd < to ? tickEnd : to
  const at = run.state.unit === 'hour' ? step.occurredAt : end
  const { now } = look
  const isPaused = reason === 'insufficient_credits' && look.terms.policy.at_zero === 'pause_runs'
  return isPaused
    ? moved(look, run, { kind: 'pause', reason: 'insufficient_credits', at, now })
    : moved(look, run, { kind: 'stop', reason, at, now })
}

/** Lets a run that was paused for want of credit go on once its next unit can be paid. */
async function resumeWithCredit(look: RunAsked, run: Run): Promise<Turn | null> {
  const { now } = look
  const checked = await inTransaction((tx) => checkRunCredit(tx, look, run.subject))
  if (!checked.ok) return null
  return moved(look, run, { kind: 'resume', at: now > run.state.changedAt ? now : run.state.changedAt, now })
}

/** Moves a run unless it has changed since it was looked at. */
async function moved(look: RunAsked, run: Run, move: RunMove): Promise<Turn> {
  return inTransaction(async (tx) => {
    const locked = await lockRun(tx, run.accountId, run.id)
    const next = isSame(locked, run) ? moveRun(locked.state, move) : null
    const isMoved = next?.ok === true
    return { run: isMoved ? await saveRunMove(tx, locked, next.value, look.now) : locked, mostUnits: Infinity }
  })
}

function isSame({ state: left }: Run, { state: right }: Run): boolean {
  return (
    left.status === right.status &&
    left.billedUnits === right.billedUnits &&
    left.changedAt.getTime() === right.changedAt.getTime() &&
    left.heardAt.getTime() === right.heardAt.getTime()
  )
}

/** Lets the row follow a usage event that was recorded before its writer could say so; null when there is none. */
async function followEvent(run: Run): Promise<Run | null> {
  const step = await findRunUsage(run)
  return step === null ? null : billRun(run, step)
}

async function readRun({ terms }: RunAsked, runId: string): Promise<Run> {
  const run = await findRun(terms.accountId, runId)
  if (run === null) throw new Error(`run ${runId} does not exist`)
  return run
}

/** Half of a stretch in whole ticks; null when it is no longer than one. */
function halved(units: number, tick: number): number | null {
  if (units <= tick) return null
  const ticks = (units - (units % tick)) / tick + (units % tick > 0 ? 1 : 0)
  return ((ticks + (ticks % 2)) / 2) * tick
}
