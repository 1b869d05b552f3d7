import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { isMet, median, medianRatio, percentile } from './arithmetic'

const figures = fc.array(fc.double({ min: 0.001, max: 1e9, noNaN: true }), { minLength: 1, maxLength: 40 })

describe('median', () => {
  test('is the figure in the middle, whatever the order', () => {
    expect(median([5, 1, 3])).toBe(3)
    expect(median([9])).toBe(9)
  })

  test('of an even number of figures is the mean of the two in the middle', () => {
    expect(median([4, 1, 3, 2])).toBe(2.5)
  })

  test('sorts as numbers, not as text', () => {
    expect(median([10, 9, 100])).toBe(10)
  })

  test('is not moved by one round that went wrong', () => {
    expect(median([3300, 3310, 3305, 3302, 12])).toBe(3302)
  })

  test('has as many figures at or below it as at or above it', () => {
    fc.assert(
      fc.property(figures, (values) => {
        const middle = median(values)
        expect(values.filter((value) => value < middle).length).toBeLessThanOrEqual(values.length / 2)
        expect(values.filter((value) => value > middle).length).toBeLessThanOrEqual(values.length / 2)
      }),
    )
  })

  test('of nothing is refused', () => {
    expect(() => median([])).toThrow('nothing')
  })
})

describe('percentile', () => {
  const hundred = Array.from({ length: 100 }, (_, index) => 100 - index)

  test('is a figure that was measured', () => {
    expect(percentile(hundred, 0.5)).toBe(50)
    expect(percentile(hundred, 0.99)).toBe(99)
    expect(percentile(hundred, 1)).toBe(100)
    expect(percentile([7], 0.99)).toBe(7)
  })

  test('is not exceeded by at least that share of the figures', () => {
    fc.assert(
      fc.property(figures, fc.double({ min: 0, max: 1, noNaN: true }), (values, share) => {
        const limit = percentile(values, share)
        expect(values.filter((value) => value <= limit).length).toBeGreaterThanOrEqual(values.length * share)
      }),
    )
  })
})

describe('medianRatio', () => {
  test('pairs each figure with the yardstick of its own round', () => {
    expect(medianRatio([4000, 2000, 6000], [1000, 500, 2000])).toBe(4)
  })

  test('is not moved by a round in which the whole machine was slow', () => {
    expect(medianRatio([4000, 40, 4000], [1000, 10, 1000])).toBe(4)
  })

  test('of a figure to itself is one', () => {
    fc.assert(
      fc.property(figures, (values) => {
        expect(medianRatio(values, values)).toBe(1)
      }),
    )
  })

  test('refuses rounds that do not match and a yardstick of nothing', () => {
    expect(() => medianRatio([1, 2], [1])).toThrow('yardstick')
    expect(() => medianRatio([1], [0])).toThrow('zero')
    expect(() => medianRatio([1], [Number.NaN])).toThrow('zero')
  })
})

test('a target is met at exactly its figure and missed beside it', () => {
  expect(isMet(4, { atLeast: 4 })).toBe(true)
  expect(isMet(3.999, { atLeast: 4 })).toBe(false)
  expect(isMet(1.15, { atMost: 1.15 })).toBe(true)
  expect(isMet(1.16, { atMost: 1.15 })).toBe(false)
  expect(isMet(Number.NaN, { atLeast: 4 })).toBe(false)
})
