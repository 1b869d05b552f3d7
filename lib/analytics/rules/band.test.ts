import { describe, expect, it } from 'vitest'

import { units } from '@/lib/testing/ledger'

import { bandOf } from './band'

const holding = (balance: number, available: number, debt = 0) => ({
  balance: units(balance),
  available: units(available),
  debt: units(debt),
})

describe('the band of a balance', () => {
  it('is negative while anything is owed, even where scoped credit is left', () => {
    expect(bandOf(holding(5, 10, 5), 30, null)).toBe('negative')
    expect(bandOf(holding(-5, 0, 5), null, null)).toBe('negative')
  })

  it('is zero when nothing can be spent, even where something is held', () => {
    expect(bandOf(holding(10, 0), 0, null)).toBe('zero')
  })

  it('is low under three days of runway or at the threshold', () => {
    expect(bandOf(holding(100, 100), 2, null)).toBe('low')
    expect(bandOf(holding(100, 100), 3, null)).toBe('ok')
    expect(bandOf(holding(100, 100), null, 100n)).toBe('low')
    expect(bandOf(holding(100, 100), null, 99n)).toBe('ok')
  })
})
