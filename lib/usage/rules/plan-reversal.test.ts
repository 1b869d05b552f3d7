import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { readReversalAmount, remainderLifetime, type RepaidBy } from './plan-reversal'

const at = new Date('2027-03-01T00:00:00Z')
const day = (count: number) => new Date(at.getTime() + count * 86_400_000)

describe('the amount of a reversal', () => {
  it('is all that is left when it is left out, and otherwise exact, more than zero, of the scale', () => {
    expect(readReversalAmount(undefined, 9)).toEqual({ ok: true, value: null })
    expect(readReversalAmount('0.000000001', 9)).toEqual({ ok: true, value: 1n })
    for (const [text, message] of [
      ['0', 'Use more than zero.'],
      ['1.5', 'Use at most 0 decimals.'],
    ] as const) {
      const error = { code: 'invalid_input', errors: [{ path: 'amount', message }] }
      expect(readReversalAmount(text, 0)).toEqual({ ok: false, error })
    }
  })
})

describe('credit made of repaid debt', () => {
  it('never ends later than any credit that repaid it, and always has a lifetime that the books can hold', () => {
    const repayment: fc.Arbitrary<RepaidBy> = fc
      .record({ from: fc.integer({ min: -90, max: 0 }), lasts: fc.integer({ min: 1, max: 90 }), kind: fc.nat(3) })
      .map(({ from, lasts, kind }) => {
        const ends = ([null, 'unknown'] as const)[kind]
        return { at: day(from), expiresAt: ends === undefined ? day(from + lasts) : ends }
      })
    fc.assert(
      fc.property(fc.array(repayment), (repayments) => {
        const { effectiveAt, expiresAt } = remainderLifetime(repayments, at)
        expect(effectiveAt <= at).toBe(true)
        if (expiresAt !== null) expect(effectiveAt < expiresAt).toBe(true)
        for (const { expiresAt: end } of repayments) {
          if (end instanceof Date) expect(expiresAt !== null && expiresAt <= end).toBe(true)
          if (end === 'unknown') expect(expiresAt).not.toBeNull()
        }
        if (repayments.every(({ expiresAt: end }) => end === null)) expect(expiresAt).toBeNull()
      }),
    )
  })
})
