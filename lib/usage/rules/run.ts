import { invalidField, type PurserError } from '@/lib/errors'
import { err, ok, type Result } from '@/lib/result'

/** Cold: started, not yet ready, free. Running: billed. Paused: free. Stopped: over for good. */
export type RunStatus = 'cold' | 'running' | 'paused' | 'stopped'

/** What a run is billed by: whole seconds or whole hours. A meter that counts things has no runs. */
export type RunUnit = 'second' | 'hour'

/** Why a run ended: it was asked to, there was no credit left, a spend limit was reached, or nobody spoke for it any more. */
export type StopReason = 'requested' | 'insufficient_credits' | 'spend_limit_exceeded' | 'silent'

/** Why a run is paused. One that was paused for want of credit resumes by itself. */
export type PauseReason = Extract<StopReason, 'requested' | 'insufficient_credits'>

/** A run as far as time and status go. Its latest span of running is kept as two instants, all earlier ones as a sum. */
export type RunState = {
  readonly status: RunStatus
  readonly unit: RunUnit
  /** How long the caller may be silent before a running run counts as lost; null: for ever. */
  readonly timeoutSeconds: number | null
  readonly startedAt: Date
  readonly readyAt: Date | null
  readonly stoppedAt: Date | null
  readonly stopReason: StopReason | null
  readonly pauseReason: PauseReason | null
  /** When the status last changed. */
  readonly changedAt: Date
  /** The latest instant at which the caller says that the run was alive. */
  readonly aliveAt: Date
  /** When the caller was last heard, by our clock. */
  readonly heardAt: Date
  /** Where the latest span of running began; null while cold. */
  readonly spanStart: Date | null
  /** Where it ended; null while running. */
  readonly spanEnd: Date | null
  /** How long the run ran before that span. */
  readonly ranBeforeMs: number
  /** Units from the first on that are recorded as usage. Never goes down. */
  readonly billedUnits: number
}

/** What happens to a run. `at` is when it happened, `now` when we heard of it. */
export type RunMove = { readonly at: Date; readonly now: Date } & (
  | { readonly kind: 'ready' | 'heartbeat' | 'resume' }
  | { readonly kind: 'pause'; readonly reason: PauseReason }
  | { readonly kind: 'stop'; readonly reason: StopReason }
)

const LONGEST_LEAD_MS = 300_000
const LONGEST_DELAY_MS = 34 * 86_400_000

/** A run that has just been started: cold and free until it is ready. */
export function startedRun(unit: RunUnit, timeoutSeconds: number | null, at: Date, now: Date): RunState {
  return {
    status: 'cold',
    unit,
    timeoutSeconds,
    startedAt: at,
    readyAt: null,
    stoppedAt: null,
    stopReason: null,
    pauseReason: null,
    changedAt: at,
    aliveAt: at,
    heardAt: now,
    spanStart: null,
    spanEnd: null,
    ranBeforeMs: 0,
    billedUnits: 0,
  }
}

/**
 * Moves a run. What is done already is done again without harm: the run stays as it is. A stopped run answers a heartbeat with its
 * status, so that the caller learns of it. What is owed up to a resume must be billed before it.
 * Errors: `invalid_state` (pause or resume of a run that is not ready, anything but a repetition after the stop), `invalid_input` (at).
 */
export function moveRun(run: RunState, move: RunMove): Result<RunState, PurserError> {
  const lead = move.at.getTime() - move.now.getTime()
  if (lead > LONGEST_LEAD_MS) return err(invalidField('at', 'Use an instant at most 5 minutes from now.'))
  if (isRepetition(run, move)) return ok(run.status === 'stopped' ? run : { ...run, ...signOfLife(run, move) })
  const refusal = refuseMove(run, move)
  if (refusal !== null) return err({ code: 'invalid_state', message: refusal })
  if (move.at < run.changedAt) return err(invalidField('at', `Use an instant from ${run.changedAt.toISOString()} on.`))
  return ok({ ...run, ...signOfLife(run, move), ...changed(run, move) })
}

/** Refuses a start that lies more than 5 minutes ahead, or so far back that its usage could not be recorded (34 days). */
export function refuseStartAt(at: Date, now: Date): PurserError | null {
  const lead = at.getTime() - now.getTime()
  if (lead > LONGEST_LEAD_MS) return invalidField('at', 'Use an instant at most 5 minutes from now.')
  return -lead > LONGEST_DELAY_MS ? invalidField('at', 'Use an instant within the last 34 days.') : null
}

/** How long a run has run up to an instant, in milliseconds, without pauses and the cold start. */
export function ranMs(run: RunState, to: Date): number {
  if (run.spanStart === null) return 0
  const end = run.spanEnd === null || to < run.spanEnd ? to : run.spanEnd
  return run.ranBeforeMs + Math.max(0, end.getTime() - run.spanStart.getTime())
}

/** Whether the move has been made already, as far as can be told. A caller's own pause outlasts one for want of credit. */
function isRepetition(run: RunState, move: RunMove): boolean {
  switch (move.kind) {
    case 'ready':
      return run.readyAt !== null
    case 'heartbeat':
      return run.status === 'stopped'
    case 'pause':
      return run.status === 'paused' && (run.pauseReason === 'requested' || move.reason === 'insufficient_credits')
    case 'resume':
      return run.status === 'running'
    case 'stop':
      return run.status === 'stopped'
  }
}

function refuseMove(run: RunState, { kind }: RunMove): string | null {
  if (run.status === 'stopped') return `The run stopped (${run.stopReason ?? 'requested'}). Start a new one.`
  if (run.status === 'cold' && (kind === 'pause' || kind === 'resume')) {
    return 'The run is not ready yet, and free until it is. Report it ready first, or stop it.'
  }
  return null
}

function signOfLife(run: RunState, { at, now }: RunMove): Pick<RunState, 'aliveAt' | 'heardAt'> {
  return { aliveAt: later(run.aliveAt, at), heardAt: later(run.heardAt, now) }
}

function changed(run: RunState, move: RunMove): Partial<RunState> {
  const { at } = move
  switch (move.kind) {
    case 'heartbeat':
      return {}
    case 'ready':
      return { status: 'running', readyAt: at, changedAt: at, spanStart: at }
    case 'pause':
      if (run.status === 'paused') return { pauseReason: move.reason }
      return { status: 'paused', pauseReason: move.reason, changedAt: at, spanEnd: at }
    case 'resume':
      return {
        status: 'running',
        pauseReason: null,
        changedAt: at,
        spanStart: at,
        spanEnd: null,
        ranBeforeMs: ranMs(run, at),
      }
    case 'stop':
      return {
        status: 'stopped',
        pauseReason: null,
        stoppedAt: at,
        stopReason: move.reason,
        changedAt: at,
        spanEnd: run.status === 'running' ? at : run.spanEnd,
      }
  }
}

function later(left: Date, right: Date): Date {
  return left < right ? right : left
}
