import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { localDay } from './period'
import { moveRun, startedRun, type RunMove, type RunState, type RunUnit } from './run'
import { billableUntil, isSilent, nextLook, nextStep, unitsOwed, type AccrualStep, type StepTerms } from './run-accrual'

const START = new Date('2026-11-23T12:00:00Z')
const UNIT_MS = { second: 1_000, hour: 3_600_000 } as const
const IN_UTC: StepTerms = { timeZone: 'UTC', priceChanges: [], minimumUnits: 0, multipleUnits: 1 }

const at = (seconds: number) => new Date(START.getTime() + Math.round(seconds * 1_000))

function move(run: RunState, kind: RunMove['kind'], seconds: number): RunState {
  const when = { at: at(seconds), now: at(seconds) }
  const asked = kind === 'pause' || kind === 'stop' ? { kind, reason: 'requested' as const } : { kind }
  const moved = moveRun(run, { ...asked, ...when })
  return moved.ok ? moved.value : run
}

/** Records everything up to an instant. */
function accrue(run: RunState, to: Date, terms = IN_UTC): { readonly run: RunState; readonly steps: AccrualStep[] } {
  const steps: AccrualStep[] = []
  let now = run
  for (let step = nextStep(now, to, terms); step !== null; step = nextStep(now, to, terms)) {
    steps.push(step)
    now = { ...now, billedUnits: step.fromUnit + step.units }
  }
  return { run: now, steps }
}

function running(unit: RunUnit, timeoutSeconds: number | null = null, fields: Partial<RunState> = {}): RunState {
  return { ...move(startedRun(unit, timeoutSeconds, START, START), 'ready', 0), ...fields }
}

describe('what a run owes', () => {
  it.each<[string, RunUnit, number, number]>([
    ['25.4 s are 26 s', 'second', 25.4, 26],
    ['nothing yet is nothing, in seconds', 'second', 0, 0],
    ['a millisecond is a second', 'second', 0.001, 1],
    ['the first hour is owed when the run is ready', 'hour', 0, 1],
    ['an hour to the millisecond is one', 'hour', 3_600, 1],
    ['the second hour is owed once it has begun', 'hour', 3_600.001, 2],
    ['10 hours to the millisecond are 10', 'hour', 36_000, 10],
  ])('%s', (_name, unit, seconds, owed) => {
    expect(unitsOwed(running(unit), at(seconds))).toBe(owed)
    const stopped = move(accrue(running(unit), START).run, 'stop', seconds)
    expect(accrue(stopped, at(1e6)).run.billedUnits).toBe(owed)
  })

  it('a cold start is free however long it takes, and so is a run that never became ready', () => {
    const cold = startedRun('hour', 300, START, START)
    expect(unitsOwed(cold, at(7_200))).toBe(0)
    expect(unitsOwed(move(cold, 'stop', 7_200), at(7_300))).toBe(0)
  })

  it('a pause is free, and the hour that it interrupts goes on after it', () => {
    const half = accrue(running('hour'), at(1_800)).run
    const resumed = move(move(half, 'pause', 1_800), 'resume', 90_000)
    expect(unitsOwed(resumed, at(91_800))).toBe(1)
    expect(unitsOwed(resumed, at(91_801))).toBe(2)
  })
})

describe('steps', () => {
  it('end where the day ends in the account’s time zone', () => {
    const { steps } = accrue(running('second'), at(8 * 3_600), { ...IN_UTC, timeZone: 'Asia/Kolkata' })
    expect(steps.map(({ units }) => units)).toEqual([3600, 3600, 3600, 3600, 3600, 3600, 1800, 3600, 1800])
    expect(steps[7]?.occurredAt.toISOString()).toBe('2026-11-23T18:30:00.000Z')
  })

  it('end where a price version ends, so that each unit is charged at the price of its beginning', () => {
    const { steps } = accrue(running('second'), at(120), { ...IN_UTC, priceChanges: [at(-5), at(30.5), at(900)] })
    expect(steps).toEqual([
      { fromUnit: 0, units: 31, occurredAt: at(0) },
      { fromUnit: 31, units: 89, occurredAt: at(31) },
    ])
  })

  it('of hours are one hour each, dated at its beginning', () => {
    const { steps } = accrue(running('hour'), at(7_200.001))
    expect(steps.map(({ occurredAt }) => occurredAt)).toEqual([at(0), at(3_600), at(7_200)])
  })

  it('bill the minimum of a price once and ahead, and whole multiples where the price asks for them', () => {
    const terms = { ...IN_UTC, minimumUnits: 120, multipleUnits: 60 }
    const first = accrue(running('second'), at(5), terms)
    expect(first.steps).toEqual([{ fromUnit: 0, units: 120, occurredAt: at(0) }])
    expect(accrue(first.run, at(120), terms).steps).toEqual([])
    expect(accrue(first.run, at(121), terms).steps).toEqual([{ fromUnit: 120, units: 60, occurredAt: at(120) }])
  })
})

/** Whether the run runs in each quarter of a second, found by walking through all of them. */
function naiveUnits(moves: readonly { kind: RunMove['kind']; quarter: number }[], end: number, unit: RunUnit): number {
  let state = 'cold'
  let quarters = 0
  let hasRun = false
  for (let quarter = 0; quarter <= end; quarter += 1) {
    for (const { kind } of moves.filter((candidate) => candidate.quarter === quarter)) {
      if (kind === 'ready' && state === 'cold') state = 'running'
      if (kind === 'pause' && state === 'running') state = 'paused'
      if (kind === 'resume' && state === 'paused') state = 'running'
      if (kind === 'stop') state = 'stopped'
      hasRun ||= state === 'running'
    }
    if (quarter < end && state === 'running') quarters += 1
  }
  const units = Math.ceil((quarters * 250) / UNIT_MS[unit])
  return unit === 'hour' && hasRun ? Math.max(1, units) : units
}

const KINDS = ['ready', 'heartbeat', 'pause', 'resume', 'stop'] as const
const timeline = (longest: number) =>
  fc
    .array(fc.record({ kind: fc.constantFrom(...KINDS), quarter: fc.nat(longest) }), { maxLength: 12 })
    .map((moves) => [...moves].sort((left, right) => left.quarter - right.quarter))

describe.each<[RunUnit, number]>([
  ['second', 2_000],
  ['hour', 60_000],
])('a run of %ss, accrued at any instants, against walking through every quarter of a second', (unit, longest) => {
  it('bills the same units, each once, none ever taken back', () => {
    fc.assert(
      fc.property(timeline(longest), fc.array(fc.nat(longest), { maxLength: 8 }), (moves, looks) => {
        let run = startedRun(unit, null, START, START)
        const steps: AccrualStep[] = []
        const lookAt = (quarter: number) => {
          const accrued = accrue(run, at(quarter / 4), { ...IN_UTC, timeZone: 'Asia/Kolkata' })
          expect(accrued.run.billedUnits).toBeGreaterThanOrEqual(run.billedUnits)
          run = accrued.run
          steps.push(...accrued.steps)
        }
        const calls = [...moves, ...looks.map((quarter) => ({ kind: null, quarter }))]
        for (const { kind, quarter } of calls.sort((left, right) => left.quarter - right.quarter)) {
          lookAt(quarter)
          if (kind !== null) run = move(run, kind, quarter / 4)
          lookAt(quarter)
        }
        lookAt(longest)
        expect(run.billedUnits).toBe(naiveUnits(moves, longest, unit))
        expect(steps.map(({ fromUnit }) => fromUnit)).toEqual(steps.map((_, index) => sumUnits(steps.slice(0, index))))
        for (const step of steps) expect(spansOneDay(step, unit)).toBe(true)
      }),
      { numRuns: 60 },
    )
  })
})

function sumUnits(steps: readonly AccrualStep[]): number {
  return steps.reduce((sum, { units }) => sum + units, 0)
}

/** Whether all units of a step begin on one day. */
function spansOneDay({ occurredAt, units }: AccrualStep, unit: RunUnit): boolean {
  const last = new Date(occurredAt.getTime() + (units - 1) * UNIT_MS[unit])
  return localDay(occurredAt, 'Asia/Kolkata') === localDay(last, 'Asia/Kolkata')
}

describe('a silent caller', () => {
  it('is waited for until the timeout is over, from when it was last heard', () => {
    const run = running('second', 300, { heardAt: at(10) })
    expect(isSilent(run, at(309.999))).toBe(false)
    expect(isSilent(run, at(310))).toBe(true)
    expect(isSilent(move(run, 'pause', 20), at(9_999))).toBe(false)
    expect(isSilent(running('second', null), at(1e7))).toBe(false)
  })

  it('is billed to its last sign of life and no further', () => {
    const run = move(running('second', 300), 'heartbeat', 42)
    expect(billableUntil(run, at(200))).toEqual(at(42))
    expect(billableUntil(running('second', null), at(200))).toEqual(at(200))
  })
})

describe('when a run is looked at next', () => {
  const minute = 60_000
  it.each<[string, RunState, number, number | null]>([
    ['a minute after what is billed', running('second', null, { billedUnits: 60 }), 60, 120],
    ['when an hour has begun', running('hour', null, { billedUnits: 1 }), 10, 3_600.001],
    ['when its caller will count as lost', running('second', 300, { billedUnits: 0 }), 0, 300],
    ['in a minute, when it is reported after the fact', running('second', null, { billedUnits: 0 }), 900, 960],
    ['in a minute, for hours too', running('hour', null, { billedUnits: 1 }), 9_000, 9_060],
    ['never while cold', startedRun('second', 300, START, START), 5, null],
    ['never while the caller pauses it', move(running('second', null), 'pause', 0), 5, null],
    ['never once stopped and billed', move(running('second', null), 'stop', 0), 5, null],
    ['now, once stopped and not yet billed', move(running('second', null), 'stop', 3), 5, 5],
  ])('%s', (_name, run, now, expected) => {
    expect(nextLook(run, at(now), minute)).toEqual(expected === null ? null : at(expected))
  })

  it('every minute while paused for want of credit', () => {
    const paused = { ...move(running('second'), 'pause', 0), pauseReason: 'insufficient_credits' as const }
    expect(nextLook(paused, at(30), minute)).toEqual(at(90))
  })
})
