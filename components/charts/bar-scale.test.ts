import { describe, expect, it } from 'vitest'
import { axisTop, half } from './bar-scale'

describe('axisTop', () => {
  it.each([
    [['11.6', '8.2'], '20'],
    [['24'], '25'],
    [['50'], '50'],
    [['0.0312'], '0.05'],
    [['104'], '200'],
  ])('of %j is the next round value, %s', (amounts, top) => {
    expect(axisTop(amounts)).toBe(top)
  })

  it('of nothing is 1, so that an empty chart still has an axis', () => {
    expect(axisTop([])).toBe('1')
    expect(axisTop(['0', '0'])).toBe('1')
  })
})

describe('half', () => {
  it('is exact', () => {
    expect(half('25')).toBe('12.5')
  })
})
