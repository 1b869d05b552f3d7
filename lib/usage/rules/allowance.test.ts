import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { quantity, wholeQuantity } from '@/lib/money/quantity'
import { coverByAllowance } from './allowance'

const runs = (count: number) => wholeQuantity(BigInt(count))

describe('an allowance', () => {
  it.each([
    { used: 1, included: 100, before: 0, covered: 1, rest: 0 },
    { used: 1, included: 100, before: 99, covered: 1, rest: 0 },
    { used: 1, included: 100, before: 100, covered: 0, rest: 1 },
    { used: 30, included: 100, before: 80, covered: 20, rest: 10 },
    { used: 5, included: 0, before: 0, covered: 0, rest: 5 },
    { used: 0, included: 100, before: 0, covered: 0, rest: 0 },
  ])(
    'of $included covers $covered of $used after $before, and $rest is paid',
    ({ used, included, before, ...split }) => {
      const coverage = coverByAllowance(runs(used), runs(included), runs(before))
      expect(coverage).toEqual({ covered: runs(split.covered), rest: runs(split.rest) })
    },
  )

  it('covers nothing more, and takes nothing back, when a smaller plan begins in mid-period', () => {
    expect(coverByAllowance(runs(1), runs(100), runs(150))).toEqual({ covered: runs(0), rest: runs(1) })
  })

  it('adds exactly the difference when a larger plan begins in mid-period', () => {
    expect(coverByAllowance(runs(500), runs(200), runs(100))).toEqual({ covered: runs(100), rest: runs(400) })
  })

  it('never covers more than was used or is left, and loses nothing', () => {
    const any = fc.bigInt({ min: 0n, max: 10n ** 27n })
    fc.assert(
      fc.property(any, any, any, (used, included, before) => {
        const { covered, rest } = coverByAllowance(quantity(used), quantity(included), quantity(before))
        expect(covered + rest).toBe(used)
        expect(rest > 0n ? covered + before >= included : covered === used).toBe(true)
        expect(covered === 0n || covered + before <= included).toBe(true)
      }),
    )
  })
})
