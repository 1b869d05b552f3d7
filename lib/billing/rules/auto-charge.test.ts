import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import {
  ARMED,
  beginCharge,
  endBackOff,
  failCharge,
  mayCharge,
  rearm,
  rearmForCard,
  settleCharge,
  type ChargeFailure,
  type ChargeState,
} from './auto-charge'

const NOON = new Date('2026-11-23T12:00:00Z')
const hours = (count: number) => new Date(NOON.getTime() + count * 3_600_000)
const declined = { kind: 'declined', code: 'insufficient_funds', message: 'No.' } as const
const fail = (state: ChargeState, failure: ChargeFailure = declined, now = NOON) =>
  failCharge(beginCharge(state, 'a'), failure, 'card', now)

describe('automatic charges', () => {
  it('wait 1, 3 and 7 hours after declines in a row, and are suspended by the fourth', () => {
    let state = ARMED
    for (const wait of [1, 3, 7]) {
      state = fail(state)
      expect(state).toMatchObject({ status: 'backing_off', retryAt: hours(wait), fingerprint: 'card' })
      expect([mayCharge(state, new Date(hours(wait).getTime() - 1)), mayCharge(state, hours(wait))]).toEqual([
        false,
        true,
      ])
    }
    state = fail(state)
    expect(state).toMatchObject({ status: 'suspended', reason: 'declined', declines: 4, retryAt: null })
    expect(mayCharge(state, hours(1_000_000))).toBe(false)
  })

  it.each(['lost_card', 'stolen_card', 'fraudulent'])('are suspended at once by %s', (code) => {
    expect(fail(ARMED, { ...declined, code })).toMatchObject({ status: 'suspended', reason: 'hard_decline' })
  })

  it.each(['requires_action', 'refused', 'no_card'] as const)('are suspended by %s, which is no decline', (kind) => {
    expect(fail(ARMED, { kind, message: '' })).toMatchObject({ status: 'suspended', reason: kind, declines: 0 })
  })

  it('forget an attempt that was given up, but not the declines before it', () => {
    const state = fail(fail(ARMED), { kind: 'given_up' })
    expect(state).toMatchObject({ status: 'armed', declines: 1 })
    expect(fail(state)).toMatchObject({ retryAt: hours(3) })
    expect(endBackOff(fail(ARMED))).toMatchObject({ status: 'armed', declines: 1 })
  })

  it('are armed by what settles: their own attempt, or a purchase by hand; not while another attempt is open', () => {
    expect(settleCharge(beginCharge(ARMED, 'a'), { id: 'a', kind: 'recharge' })).toEqual(ARMED)
    expect(settleCharge(fail(fail(ARMED)), { id: 'b', kind: 'purchase' })).toEqual(ARMED)
    const open = beginCharge(ARMED, 'a')
    expect(settleCharge(open, { id: 'b', kind: 'purchase' })).toBe(open)
  })

  it('stay suspended by a dispute until a person arms them', () => {
    const disputed = fail(ARMED, { kind: 'disputed', message: '' })
    expect(settleCharge(disputed, { id: 'b', kind: 'purchase' })).toBe(disputed)
    expect(rearmForCard(disputed, 'other')).toBe(disputed)
    expect(rearm(disputed)).toEqual(ARMED)
  })

  it('are armed by a card with another fingerprint, or with none, and not by the one that failed', () => {
    const failed = fail(ARMED)
    expect(rearmForCard(failed, 'card')).toBe(failed)
    expect([rearmForCard(failed, 'other'), rearmForCard(failed, null)]).toEqual([ARMED, ARMED])
  })

  it('never have two attempts open, whatever happens in whatever order', () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant('run' as const), hours: fc.integer({ min: 0, max: 9 }) }),
      fc.record({
        kind: fc.constantFrom('decline', 'hard', 'action', 'given_up', 'settle', 'bought', 'rearm', 'card'),
      }),
    )
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        let state = ARMED
        let now = NOON
        let open: string | null = null
        for (const [index, each] of steps.entries()) {
          if (each.kind === 'run') {
            now = new Date(now.getTime() + each.hours * 3_600_000)
            if (!mayCharge(state, now)) continue
            expect(open).toBeNull()
            open = `p${index}`
            state = beginCharge(state, open)
          } else if (each.kind === 'bought') state = settleCharge(state, { id: 'by hand', kind: 'purchase' })
          else if (each.kind === 'rearm') state = rearm(state)
          else if (each.kind === 'card') state = rearmForCard(state, 'other')
          else if (open !== null) {
            state =
              each.kind === 'settle'
                ? settleCharge(state, { id: open, kind: 'recharge' })
                : failCharge(state, failureOf(each.kind), 'card', now)
            open = null
          }
          expect(state.status === 'charging').toBe(open !== null)
          expect(state.retryAt !== null).toBe(state.status === 'backing_off')
        }
      }),
    )
  })
})

function failureOf(kind: string): ChargeFailure {
  if (kind === 'hard') return { ...declined, code: 'lost_card' }
  if (kind === 'action') return { kind: 'requires_action', message: '' }
  return kind === 'given_up' ? { kind: 'given_up' } : declined
}
