import 'server-only'

import type { Actor } from '@/lib/auth/rules/actor'
import { accountClock, type Clock } from '@/lib/clock'
import { inTransaction, type Tx } from '@/lib/db/pool'
import { findRun, lockRun, saveRunMove, type Run } from '@/lib/db/runs'
import type { PurserError } from '@/lib/errors'
import { ok, type Result } from '@/lib/result'

import { checkRunCredit, type RunAsked } from './check-run-credit'
import { findNamedRun } from './find-named-run'
import { lookAtRun } from './look-at-run'
import { toRunAnswer } from './run-answer'
import type { RunAnswer, RunMoveInput } from '../run-contract'
import { moveRun, type RunMove } from '../rules/run'
import { unitsOwed } from '../rules/run-accrual'

/** What a caller says of a run, of the kinds that `moveRun` knows. */
export type CallersMove = 'ready' | 'heartbeat' | 'pause' | 'resume' | 'stop'

const MOST_TRIES = 5

/**
 * Moves a run as its caller says and bills it up to that instant. The move is committed first: what it makes due is billed by this call
 * or, should this process end here, by the worker. Answers the run as it stands then, which may have been stopped or paused meanwhile for
 * want of credit. Errors: not_found, conflict, invalid_state, invalid_input (at); on a resume also insufficient_credits,
 * spend_limit_exceeded, debt_unsettled.
 */
export async function changeRun(
  actor: Extract<Actor, { kind: 'key' }>,
  name: string,
  kind: CallersMove,
  input: RunMoveInput,
  clock: Clock,
): Promise<Result<RunAnswer, PurserError>> {
  const named = await findNamedRun(actor, name)
  if (!named.ok) return named
  const { runId, terms } = named.value
  const now = accountClock(terms, clock).now()
  const asked: RunAsked = { actor, terms, now }
  const said = { kind, at: input.at === undefined ? null : new Date(input.at) }
  const changed = await commitMove(asked, runId, said)
  if (!changed.ok) return changed
  return ok(toRunAnswer(await lookAtRun(asked, runId, said.at ?? now), terms.organizationId))
}

/** What was said, and when that was; null: now. */
type Saying = { readonly kind: CallersMove; readonly at: Date | null }

/** Before a run goes on, what it owes is billed: afterwards nobody could say when those units ran. */
async function commitMove(asked: RunAsked, runId: string, said: Saying): Promise<Result<Run, PurserError>> {
  for (let attempt = 1; attempt <= MOST_TRIES; attempt += 1) {
    if (said.kind === 'resume') await lookAtRun(asked, runId, said.at ?? asked.now)
    const done = await inTransaction((tx) => moveLocked(tx, asked, runId, said))
    if (done !== null) return done
  }
  throw new Error(`run ${runId} cannot be billed up to its pause`)
}

/** Null when there is something left to bill first. Locks the wallet that pays for a run that is to go on, then the run. */
async function moveLocked(
  tx: Tx,
  asked: RunAsked,
  runId: string,
  said: Saying,
): Promise<Result<Run, PurserError> | null> {
  const checked = said.kind === 'resume' ? await checkCredit(tx, asked, runId) : ok(null)
  const run = await lockRun(tx, asked.terms.accountId, runId)
  const move = moveOf(said, run, asked.now)
  const moved = moveRun(run.state, move)
  if (!moved.ok) return moved
  const goesOn = run.state.status === 'paused' && moved.value.status === 'running'
  if (goesOn && !checked.ok) return checked
  if (goesOn && unitsOwed(run.state, move.at) > run.state.billedUnits) return null
  return ok(await saveRunMove(tx, run, moved.value, asked.now))
}

/** Now is never too early: the last change may have been dated a little ahead by a clock that is. */
function moveOf({ kind, at: saidAt }: Saying, { state }: Run, now: Date): RunMove {
  const at = saidAt ?? (now < state.changedAt ? state.changedAt : now)
  return kind === 'pause' || kind === 'stop' ? { kind, reason: 'requested', at, now } : { kind, at, now }
}

async function checkCredit(tx: Tx, asked: RunAsked, runId: string): Promise<Result<unknown, PurserError>> {
  const run = await findRun(asked.terms.accountId, runId, tx)
  return run === null ? ok(null) : checkRunCredit(tx, asked, run.subject)
}
