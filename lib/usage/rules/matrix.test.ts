import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { UnitPrice } from '@/lib/money/quantity'
import { findMatrixPrice } from './matrix'
import type { MatrixModel } from './price'

const price = (units: bigint) => units as UnitPrice

const matrix: MatrixModel = {
  kind: 'matrix',
  dimensions: ['model', 'format', 'region'],
  rows: [
    { match: { region: 'eu' }, unitPrice: price(1n) },
    { match: { format: 'png' }, unitPrice: price(2n) },
    { match: { model: 'large' }, unitPrice: price(3n) },
    { match: { format: 'png', region: 'eu' }, unitPrice: price(4n) },
    { match: { model: 'large', region: 'eu' }, unitPrice: price(0n) },
    { match: { model: 'large', format: 'png', region: 'eu' }, unitPrice: price(6n) },
  ],
  defaultUnitPrice: null,
}

describe('a matrix of prices', () => {
  it.each([
    ['the only row that matches', { region: 'eu' }, null, 1n],
    ['the row that names most dimensions', { format: 'png', region: 'eu' }, null, 4n],
    ['the row that names all of them', { format: 'png', region: 'eu' }, 'large', 6n],
    ['among equals the row of the dimension listed first', { format: 'png', region: 'us' }, 'large', 3n],
    ['a row over the default, also when it is free', { region: 'eu', format: 'svg' }, 'large', 0n],
  ])('takes %s', (_, dimensions, model, expected) => {
    expect(findMatrixPrice(matrix, { dimensions, model })?.unitPrice).toBe(expected)
  })

  it('has no price for usage that no row matches, unless it has a default', () => {
    const usage = { dimensions: { format: 'svg' }, model: null }
    expect(findMatrixPrice(matrix, usage)).toBeNull()
    expect(findMatrixPrice({ ...matrix, defaultUnitPrice: price(9n) }, usage)).toEqual({ unitPrice: 9n, match: null })
    expect(findMatrixPrice({ ...matrix, defaultUnitPrice: price(0n) }, usage)?.unitPrice).toBe(0n)
  })

  it('reads the model from the event’s own field, else from the dimension of that name', () => {
    expect(findMatrixPrice(matrix, { dimensions: { model: 'large' }, model: null })?.unitPrice).toBe(3n)
    expect(findMatrixPrice(matrix, { dimensions: { model: 'large' }, model: 'small' })).toBeNull()
  })

  it('does not mistake what every object inherits for a dimension', () => {
    const inherited = { ...matrix, rows: [{ match: { toString: 'x' }, unitPrice: price(1n) }] }
    expect(findMatrixPrice(inherited, { dimensions: {}, model: null })).toBeNull()
  })

  it('does not depend on the order of its rows', () => {
    const values = fc.record({
      model: fc.constantFrom('large', 'small', null),
      format: fc.constantFrom('png', 'svg'),
      region: fc.constantFrom('eu', 'us'),
    })
    const orders = fc.shuffledSubarray([...matrix.rows], { minLength: matrix.rows.length })
    fc.assert(
      fc.property(values, orders, ({ model, ...dimensions }, rows) => {
        const usage = { dimensions, model }
        expect(findMatrixPrice({ ...matrix, rows }, usage)).toEqual(findMatrixPrice(matrix, usage))
      }),
    )
  })
})
