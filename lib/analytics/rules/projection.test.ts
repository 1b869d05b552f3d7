import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { addDays, daysBetween, monthOf } from './calendar'
import { projectMonth } from './projection'
import type { SpendHistory } from './spend'

/** A history of these daily amounts that ends yesterday, and what was spent today. */
function history(today: string, amounts: readonly bigint[], spentToday = 0n): SpendHistory {
  const byDay = new Map(amounts.map((amount, index) => [addDays(today, index - amounts.length), amount]))
  byDay.set(today, spentToday)
  return { today, firstDay: addDays(today, -amounts.length), byDay }
}

describe('the projected month', () => {
  it('is hidden under three complete days', () => {
    expect(projectMonth(history('2026-11-20', [5n, 5n]))).toBeNull()
    expect(projectMonth({ today: '2026-11-20', firstDay: null, byDay: new Map() })).toBeNull()
    expect(projectMonth(history('2026-11-20', [5n, 5n, 5n]))).not.toBeNull()
  })

  it('is what was spent, today so far, and the mean of the last seven complete days for each day that is left', () => {
    // November has ten days left after the 20th. The last seven complete days: 10 each but one of 24 and one of 3.
    const projection = projectMonth(history('2026-11-20', [100n, 10n, 10n, 24n, 10n, 10n, 3n, 10n], 4n))
    const spent = 100n + 77n + 4n
    expect(projection).toMatchObject({ expected: spent + 110n, low: spent + 30n, high: spent + 240n, basisDays: 7 })
    expect(projection?.remaining.map(({ amount }) => amount)).toEqual(Array(10).fill(11n))
    expect(projection?.remaining.at(-1)?.day).toBe('2026-11-30')
  })

  it('does not count what was spent last month', () => {
    const projection = projectMonth(history('2026-11-02', [50n, 50n, 50n, 50n], 0n))
    expect(projection?.expected).toBe(50n + 28n * 50n)
  })

  it('on the last day of the month is what was spent', () => {
    expect(projectMonth(history('2026-11-30', Array(29).fill(2n), 1n))?.expected).toBe(59n)
  })

  it('weighs weekdays once there are 21 days: an account that rests on Sundays is projected to rest on Sundays', () => {
    // 2026-11-16 is a Monday; every day costs 14 but Sundays cost nothing.
    const days = Array.from({ length: 21 }, (_, index) => (index % 7 === 6 ? 0n : 14n))
    const projection = projectMonth(history('2026-11-16', days))
    const bySunday = projection?.remaining.filter(({ day }) => day === '2026-11-22' || day === '2026-11-29')
    expect(bySunday?.map(({ amount }) => amount)).toEqual([0n, 0n])
    expect(projection?.remaining.filter(({ amount }) => amount === 14n)).toHaveLength(12)
  })

  it('lies within its band, and says the same as its days add up to', () => {
    const amounts = fc.array(fc.bigInt({ min: 0n, max: 10n ** 15n }), { minLength: 3, maxLength: 40 })
    fc.assert(
      fc.property(
        amounts,
        fc.integer({ min: 1, max: 28 }),
        fc.bigInt({ min: 0n, max: 10n ** 12n }),
        (spent, dom, now) => {
          const today = `2026-02-${String(dom).padStart(2, '0')}`
          const projection = projectMonth(history(today, spent, now))
          if (projection === null) throw new Error('three days are enough')
          expect(projection.low <= projection.expected && projection.expected <= projection.high).toBe(true)
          expect(projection.remaining).toHaveLength(daysBetween(today, monthOf(today).last))
          const ahead = projection.remaining.reduce((sum, { amount }) => sum + amount, 0n)
          const behind = spent.slice(-(dom - 1)).reduce((sum, amount) => sum + amount, 0n)
          expect(projection.expected).toBe((dom === 1 ? 0n : behind) + now + ahead)
        },
      ),
    )
  })
})
