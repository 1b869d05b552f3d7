import { describe, expect, it } from 'vitest'

import type { Result } from '@/lib/result'

import { moveRun, refuseStartAt, startedRun, type RunMove, type RunState } from './run'

const START = new Date('2026-11-23T12:00:00Z')
const at = (seconds: number) => new Date(START.getTime() + seconds * 1_000)

type Kind = RunMove['kind']
type Step = readonly [kind: Kind, seconds: number]

function move(run: RunState, [kind, seconds]: Step, now = seconds): Result<RunState, { readonly code: string }> {
  const when = { at: at(seconds), now: at(now) }
  if (kind === 'pause') return moveRun(run, { kind, reason: 'requested', ...when })
  if (kind === 'stop') return moveRun(run, { kind, reason: 'requested', ...when })
  return moveRun(run, { kind, ...when })
}

function after(...steps: readonly Step[]): RunState {
  return steps.reduce(
    (run, step) => {
      const moved = move(run, step)
      if (!moved.ok) throw new Error(`${step[0]} was refused: ${moved.error.code}`)
      return moved.value
    },
    startedRun('second', 300, START, START),
  )
}

const COLD: readonly Step[] = []
const RUNNING: readonly Step[] = [['ready', 10]]
const PAUSED: readonly Step[] = [...RUNNING, ['pause', 20]]
const STOPPED: readonly Step[] = [...RUNNING, ['stop', 30]]
const CANCELLED: readonly Step[] = [['stop', 5]]

describe('what each call does in each state', () => {
  it.each<[string, readonly Step[], Kind, string]>([
    ['cold', COLD, 'ready', 'running'],
    ['cold', COLD, 'heartbeat', 'cold'],
    ['cold', COLD, 'pause', 'invalid_state'],
    ['cold', COLD, 'resume', 'invalid_state'],
    ['cold', COLD, 'stop', 'stopped'],
    ['running', RUNNING, 'ready', 'running'],
    ['running', RUNNING, 'heartbeat', 'running'],
    ['running', RUNNING, 'pause', 'paused'],
    ['running', RUNNING, 'resume', 'running'],
    ['running', RUNNING, 'stop', 'stopped'],
    ['paused', PAUSED, 'ready', 'paused'],
    ['paused', PAUSED, 'heartbeat', 'paused'],
    ['paused', PAUSED, 'pause', 'paused'],
    ['paused', PAUSED, 'resume', 'running'],
    ['paused', PAUSED, 'stop', 'stopped'],
    ['stopped', STOPPED, 'ready', 'stopped'],
    ['stopped', STOPPED, 'heartbeat', 'stopped'],
    ['stopped', STOPPED, 'pause', 'invalid_state'],
    ['stopped', STOPPED, 'resume', 'invalid_state'],
    ['stopped', STOPPED, 'stop', 'stopped'],
    ['cancelled while cold', CANCELLED, 'ready', 'invalid_state'],
  ])('a %s run (%#) answers %s', (_name, steps, kind, expected) => {
    const moved = move(after(...steps), [kind, 60])
    expect(moved.ok ? moved.value.status : moved.error.code).toBe(expected)
  })

  it.each<[string, readonly Step[], Kind]>([
    ['ready', RUNNING, 'ready'],
    ['pause', PAUSED, 'pause'],
    ['resume', [...PAUSED, ['resume', 25]], 'resume'],
    ['stop', STOPPED, 'stop'],
  ])('%s said again, even much later, changes nothing but the last sign of life', (_name, steps, kind) => {
    const run = after(...steps)
    const again = move(run, [kind, 200])
    const { aliveAt, heardAt } = again.ok ? again.value : run
    expect(again).toEqual({ ok: true, value: { ...run, aliveAt, heardAt } })
  })
})

describe('when it happened', () => {
  it('may be reported after the fact, down to the last change of the run', () => {
    expect(move(after(...RUNNING), ['stop', 10], 500)).toMatchObject({ ok: true, value: { stoppedAt: at(10) } })
  })

  it.each<[string, readonly Step[], Kind, number]>([
    ['ready before the start', COLD, 'ready', -1],
    ['a stop before ready', RUNNING, 'stop', 9],
    ['a heartbeat before ready', RUNNING, 'heartbeat', 9],
    ['a resume before the pause', PAUSED, 'resume', 19],
  ])('refuses %s on `at`', (_name, steps, kind, seconds) => {
    const moved = move(after(...steps), [kind, seconds], 60)
    expect(moved).toMatchObject({ ok: false, error: { code: 'invalid_input', errors: [{ path: 'at' }] } })
  })

  it.each<[string, number, boolean]>([
    ['exactly five minutes ahead', 360, true],
    ['more than five minutes ahead', 360.001, false],
  ])('a stop %s: allowed is %s', (_name, seconds, isAllowed) => {
    expect(move(after(...RUNNING), ['stop', seconds], 60).ok).toBe(isAllowed)
    expect(refuseStartAt(at(seconds), at(60)) === null).toBe(isAllowed)
  })

  it('starts a run at most 34 days back: older usage could not be recorded', () => {
    expect(refuseStartAt(at(-34 * 86_400), START)).toBeNull()
    expect(refuseStartAt(at(-34 * 86_400 - 0.001), START)).toMatchObject({ code: 'invalid_input' })
  })
})

describe('a pause', () => {
  it('for want of credit becomes the caller’s own when the caller asks for it, and keeps its instant', () => {
    const moment = { at: at(20), now: at(20) }
    const paused = moveRun(after(...RUNNING), { kind: 'pause', reason: 'insufficient_credits', ...moment })
    if (!paused.ok) throw new Error('it pauses')
    expect(paused.value).toMatchObject({ pauseReason: 'insufficient_credits', spanEnd: at(20) })
    const own = move(paused.value, ['pause', 40])
    expect(own).toMatchObject({ ok: true, value: { pauseReason: 'requested', spanEnd: at(20), changedAt: at(20) } })
  })
})
