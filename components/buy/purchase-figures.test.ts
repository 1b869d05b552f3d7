import { describe, expect, it } from 'vitest'
import { purchaseFigures } from './purchase-figures'

const basis = {
  balance: {
    asset: { code: 'credit', name: 'credits', scale: 9, usdPrice: '1' },
    balance: '128.4',
    available: '120.4',
    held: '8',
    debt: '0',
  },
  creditsPerUsd: '1',
  minimumUsd: '5',
  maximumUsd: '5000',
  averagePerDay: '11.6',
}

describe('purchaseFigures', () => {
  it('adds the credits to the balance and says how long all of it lasts', () => {
    expect(purchaseFigures('50', basis)).toEqual({
      usd: '50',
      credits: '50',
      newBalance: '178.4',
      settlesDebt: '0',
      lastsDays: 14,
    })
  })

  it('repays debt first, and only the rest lasts', () => {
    const owing = { ...basis.balance, balance: '-3.2', available: '0', held: '0', debt: '3.2' }
    const figures = purchaseFigures('50', { ...basis, balance: owing })
    expect(figures).toMatchObject({ newBalance: '46.8', settlesDebt: '3.2', lastsDays: 4 })
  })

  it('says nothing about an amount that cannot be bought', () => {
    for (const typed of ['', '4.99', '5000.01', '12.345', '-50', '1e3', 'fifty']) {
      expect(purchaseFigures(typed, basis)).toBeNull()
    }
  })

  it('cannot tell how long it lasts without a rate', () => {
    expect(purchaseFigures('50', { ...basis, averagePerDay: null })?.lastsDays).toBeNull()
    expect(purchaseFigures('50', { ...basis, averagePerDay: '0' })?.lastsDays).toBeNull()
  })
})
