import { describe, expect, it } from 'vitest'

import { parseQuantity } from '@/lib/money/quantity'
import { arithmeticLines } from '@/lib/usage/rules/arithmetic'
import type { Price, PriceDefinition } from '@/lib/usage/rules/price'
import { rate } from '@/lib/usage/rules/rate'
import { readPriceDefinition } from '@/lib/usage/rules/read-price'

import { arithmeticRows, unitWord, type Metered } from './arithmetic-rows'

function quantityOf(text: string) {
  const parsed = parseQuantity(text)
  if (!parsed.ok) throw new Error(text)
  return parsed.value
}

/** The rows of a charge, as the page shows them. */
function rowsOf(definition: PriceDefinition, used: string, fields: Partial<Metered> = {}, usedBefore = '0', scale = 9) {
  const terms = readPriceDefinition(definition)
  if (!terms.ok) throw new Error('not a price')
  const price: Price = { ...terms.value, id: 'p', meter: 'm', scale, effectiveFrom: new Date(0) }
  const usage = {
    quantity: quantityOf(used),
    dimensions: { tier: 'fast' },
    model: null,
    usedInPeriod: quantityOf(usedBefore),
  }
  const rated = rate(price, usage)
  if (!rated.ok) throw new Error(rated.error.code)
  return arithmeticRows(arithmeticLines(rated.value.steps), {
    name: 'GPU M',
    unit: 'second',
    quantity: used,
    covered: '0',
    ...fields,
  })
}

describe('the arithmetic of a charge', () => {
  it('shows what was measured, what was billed and why they differ', () => {
    const definition = { model: 'per_unit', unit_price: '0.0012', round_up_to: '1', minimum_quantity: '60' } as const
    expect(rowsOf(definition, '25.4')).toEqual([
      {
        label: 'GPU M',
        unit: 's',
        quantity: '25.4',
        billed: '60',
        unitPrice: '0.0012',
        amount: '0.072',
        note: 'billed as at least 60 s',
      },
    ])
    expect(rowsOf(definition, '60.5')).toMatchObject([
      { quantity: '60.5', billed: '61', note: 'rounded up to whole seconds' },
    ])
  })

  it('lists what the plan covered, at zero', () => {
    const rows = rowsOf({ model: 'per_unit', unit_price: '1' }, '4', { covered: '6' })
    expect(rows).toMatchObject([
      { label: 'Covered by your plan', quantity: '6', unitPrice: null, amount: '0' },
      { amount: '4' },
    ])
  })

  it('lists each tier, and the flat price where one begins, under labels of their own', () => {
    const tiers = [
      { up_to: '10', unit_price: '2' },
      { up_to: null, unit_price: '1', flat_price: '5' },
    ]
    const rows = rowsOf({ model: 'graduated', tiers }, '5', {}, '8')
    expect(rows.map(({ label, amount }) => [label, amount])).toEqual([
      ['GPU M, tier 1', '4'],
      ['Flat price of tier 2', '5'],
      ['GPU M, tier 2', '3'],
    ])
    expect(new Set(rows.map(({ label }) => label)).size).toBe(rows.length)
  })

  it('names the row of a matrix that matched', () => {
    const rows = [{ match: { tier: 'fast' }, unit_price: '3' }]
    expect(rowsOf({ model: 'matrix', dimensions: ['tier'], rows }, '2')).toMatchObject([
      { amount: '6', note: 'tier fast' },
    ])
  })

  it('says when the charge was rounded, and from what', () => {
    expect(rowsOf({ model: 'per_unit', unit_price: '0.55' }, '3', {}, '0', 0)).toMatchObject([
      { amount: '2', note: '1.65 exactly, rounded once to 2' },
    ])
  })

  it('writes one unit and several', () => {
    expect([unitWord('count', '1'), unitWord('count', '2'), unitWord('second', '2')]).toEqual(['unit', 'units', 's'])
  })
})
