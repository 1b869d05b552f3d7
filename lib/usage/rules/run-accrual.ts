import { localDay, periodOf } from './period'
import { ranMs, type RunState, type RunUnit } from './run'

/** A stretch of a run that is recorded as one usage event. */
export type AccrualStep = {
  /** The first unit of it, counted from 0: it names the event, so that the same units are never billed twice. */
  readonly fromUnit: number
  readonly units: number
  /** When its first unit began: price, day and period are those of this instant. */
  readonly occurredAt: Date
}

/** What cuts a run's time into steps besides the instant that is accrued to. */
export type StepTerms = {
  readonly timeZone: string
  /** From when on each version of the meter's price is in force. */
  readonly priceChanges: readonly Date[]
  /** The least that a price bills a run for, once: the first hour. */
  readonly minimumUnits: number
  /** The price bills whole multiples of this many units. */
  readonly multipleUnits: number
}

/** A running run is looked at once a minute, so a run that nothing pays for any more is noticed within a minute. */
export const TICK_MS = 60_000

/** The longest stretch in one event, and how far a moved clock goes at once. */
export const LONGEST_STEP_MS = 3_600_000

const UNIT_MS: Readonly<Record<RunUnit, number>> = { second: 1_000, hour: 3_600_000 }

/** How many units make up a tick: a minute of seconds, or one hour. */
export const TICK_UNITS: Readonly<Record<RunUnit, number>> = { second: 60, hour: 1 }

/**
 * The units that a run owes for up to an instant, billed ones included: a partial unit counts as a whole one, time that is paused or cold
 * counts nothing, and the first hour is owed from the moment at which the run is ready. Each later hour is owed once it has begun, which
 * is after the instant at which the one before ends: 10 hours to the millisecond are 10 hours.
 */
export function unitsOwed(run: RunState, to: Date): number {
  const units = wholeUnits(ranMs(run, to), UNIT_MS[run.unit])
  const isBegun = run.status === 'running' && run.unit === 'hour'
  return isBegun && units === 0 ? 1 : units
}

/**
 * Up to when a run may be billed: its end, or now. A run that counts as lost once its caller is silent for too long is billed to the last
 * sign of life: until the caller speaks again nobody knows whether it still runs (api.md, Readings).
 */
export function billableUntil(run: RunState, now: Date): Date {
  if (run.spanEnd !== null) return run.spanEnd
  return run.timeoutSeconds === null || run.aliveAt > now ? now : run.aliveAt
}

/** Whether a running run counts as lost: its caller was silent for the whole timeout. */
export function isSilent(run: RunState, now: Date): boolean {
  const lostAt = silentAt(run)
  return run.status === 'running' && lostAt !== null && lostAt <= now
}

/**
 * The next stretch to record on the way to an instant, or null when all is recorded. It is at most an hour long and ends where a day of
 * the account or a price version ends: a unit belongs to the day, and is charged at the price, of the instant at which it began. What the
 * price bills at least, or in whole multiples, is billed ahead and made use of later. `mostUnits` asks for a shorter stretch.
 */
export function nextStep(run: RunState, to: Date, terms: StepTerms, mostUnits = Infinity): AccrualStep | null {
  const { billedUnits: fromUnit } = run
  const owed = unitsOwed(run, to) - fromUnit
  if (owed <= 0) return null
  const occurredAt = beginOf(run, fromUnit)
  const fitting = wholeUnits(stepEnd(occurredAt, terms).getTime() - occurredAt.getTime(), UNIT_MS[run.unit])
  const least = fromUnit === 0 ? terms.minimumUnits : 0
  const units = Math.max(least, Math.min(owed, fitting, mostUnits))
  return { fromUnit, units: wholeUnits(units, terms.multipleUnits) * terms.multipleUnits, occurredAt }
}

/** The instant at which a unit of the latest span of running begins. */
export function beginOf(run: RunState, unit: number): Date {
  if (run.spanStart === null) throw new Error('a cold run has no units')
  return new Date(run.spanStart.getTime() + unit * UNIT_MS[run.unit] - run.ranBeforeMs)
}

/**
 * When a run is to be looked at next, or null when only its caller can change it. `accruesEveryMs`: a minute in real time; an hour for
 * an account whose clock is moved, which is then accrued to wherever the clock stops. What should have been done by now is due in a
 * minute: a run that is reported after the fact is not billed on behind its caller's back.
 */
export function nextLook(run: RunState, now: Date, accruesEveryMs: number): Date | null {
  if (run.spanEnd !== null && unitsOwed(run, run.spanEnd) > run.billedUnits) return now
  if (run.status === 'paused' && run.pauseReason === 'insufficient_credits') return after(now, accruesEveryMs)
  if (run.status !== 'running') return null
  const next = silentAt(run) ?? nextAccrual(run, accruesEveryMs)
  return next > now ? next : after(now, TICK_MS)
}

/** When the next unit, or the next minute of seconds, is owed that may be billed without a sign of life. */
function nextAccrual(run: RunState, accruesEveryMs: number): Date {
  const begin = beginOf(run, run.billedUnits)
  return run.unit === 'hour' ? after(begin, 1) : after(begin, accruesEveryMs)
}

function silentAt(run: RunState): Date | null {
  return run.timeoutSeconds === null ? null : after(run.heardAt, run.timeoutSeconds * 1_000)
}

function stepEnd(from: Date, { timeZone, priceChanges }: StepTerms): Date {
  const ends = [after(from, LONGEST_STEP_MS), ...priceChanges.filter((change) => change > from)]
  const [first = from] = ends.sort((left, right) => left.getTime() - right.getTime())
  if (localDay(from, timeZone) === localDay(first, timeZone)) return first
  const { end } = periodOf(from, timeZone, 1, 'day')
  return end < first ? end : first
}

function after(instant: Date, milliseconds: number): Date {
  return new Date(instant.getTime() + milliseconds)
}

/** How many whole units it takes, a partial one as a whole one. Both are whole numbers. */
function wholeUnits(length: number, unit: number): number {
  const rest = length % unit
  return (length - rest) / unit + (rest > 0 ? 1 : 0)
}
