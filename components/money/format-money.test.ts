import { describe, expect, it } from 'vitest'
import type { AssetDto } from '@/lib/analytics/contract'
import { assetText, moneyText, signOf } from './format-money'

const credit: AssetDto = { code: 'credit', name: 'credits', scale: 9, usdPrice: '1' }
const cent: AssetDto = { code: 'credit', name: 'credits', scale: 0, usdPrice: '0.01' }
const token: AssetDto = { code: 'token', name: 'tokens', scale: 0, usdPrice: null }
const gpuHour: AssetDto = { code: 'gpu_hour', name: 'GPU hours', scale: 9, usdPrice: null }

describe('moneyText', () => {
  it.each([
    ['0', '$0.00'],
    ['128.4', '$128.40'],
    ['-0.03', '−$0.03'],
    ['0.0312', '$0.03'],
    ['0.000312', '$0.000312'],
    ['0.000000001', '$0.000000001'],
    ['-0.001234567', '−$0.00123457'],
    ['0.009999999', '$0.01'],
    ['1234567.005', '$1,234,567.00'],
    ['9000000000', '$9,000,000,000.00'],
  ])('writes %s credits at one dollar each as %s', (amount, text) => {
    expect(moneyText(amount, credit)).toBe(text)
  })

  it('writes every decimal when asked to be exact', () => {
    expect(moneyText('0.0312', credit, { precision: 'exact' })).toBe('$0.0312')
    expect(moneyText('50', credit, { precision: 'exact' })).toBe('$50.00')
  })

  it('writes a plus sign only when asked, and never on zero', () => {
    expect(moneyText('50', credit, { sign: 'always' })).toBe('+$50.00')
    expect(moneyText('0', credit, { sign: 'always' })).toBe('$0.00')
  })

  it('turns credits into dollars by the price of the asset', () => {
    expect(moneyText('12840', cent)).toBe('$128.40')
    expect(moneyText('-1', cent)).toBe('−$0.01')
  })

  it('counts an asset that has no dollar price', () => {
    expect(moneyText('1204', token)).toBe('1,204 tokens')
    expect(moneyText('12.5', gpuHour)).toBe('12.50 GPU hours')
  })

  it('refuses what is not an exact decimal rather than showing a wrong number', () => {
    expect(() => moneyText('1e3', credit)).toThrow(RangeError)
  })
})

describe('assetText', () => {
  it('is exact and has no needless decimals', () => {
    expect(assetText('12840', cent)).toBe('12,840 credits')
    expect(assetText('-0.000000001', credit)).toBe('−0.000000001 credits')
  })
})

describe('signOf', () => {
  it('knows zero however it is written', () => {
    expect([signOf('0'), signOf('0.00'), signOf('-0.1'), signOf('10')]).toEqual([0, 0, -1, 1])
  })
})
