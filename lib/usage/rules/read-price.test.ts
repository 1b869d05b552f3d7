import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { PriceDefinition } from './price'
import { readPriceDefinition, writePriceDefinition } from './read-price'

function refusedPaths(definition: PriceDefinition): readonly string[] {
  const terms = readPriceDefinition(definition)
  return terms.ok ? [] : terms.error.map(({ path }) => path)
}

const last = { up_to: null, unit_price: '1' }
const row = { match: { format: 'png' }, unit_price: '1' }

const REFUSED: readonly (readonly [string, PriceDefinition, readonly string[]])[] = [
  ['a negative price', { model: 'per_unit', unit_price: '-1' }, ['unit_price']],
  ['a price that is no number', { model: 'per_unit', unit_price: 'NaN' }, ['unit_price']],
  ['an exponent', { model: 'per_unit', unit_price: '1e-3' }, ['unit_price']],
  ['an over-precise price', { model: 'per_unit', unit_price: '0.0000000000001' }, ['unit_price']],
  ['a price beyond any amount', { model: 'per_unit', unit_price: '9000000001' }, ['unit_price']],
  ['rounding up to nothing', { model: 'per_unit', unit_price: '1', round_up_to: '0' }, ['round_up_to']],
  ['a minimum of nothing', { model: 'per_unit', unit_price: '1', minimum_quantity: '0' }, ['minimum_quantity']],
  ['an empty package', { model: 'package', package_size: '0', package_price: '1' }, ['package_size']],
  [
    'several fields at once',
    { model: 'package', package_size: '', package_price: 'x', minimum_quantity: '0.0' },
    ['package_size', 'package_price', 'minimum_quantity'],
  ],
  ['no tiers', { model: 'graduated', tiers: [] }, ['tiers']],
  ['a last tier that ends', { model: 'volume', tiers: [{ up_to: '5', unit_price: '1' }] }, ['tiers.0.up_to']],
  ['a tier after one without end', { model: 'graduated', tiers: [last, last] }, ['tiers.0.up_to']],
  ['a tier of nothing', { model: 'graduated', tiers: [{ up_to: '0', unit_price: '1' }, last] }, ['tiers.0.up_to']],
  [
    'tiers that do not ascend',
    { model: 'graduated', tiers: [{ up_to: '5', unit_price: '1' }, { up_to: '5', unit_price: '1' }, last] },
    ['tiers.1.up_to'],
  ],
  [
    'a tier that ends before the one before',
    { model: 'volume', tiers: [{ up_to: '5', unit_price: '1' }, { up_to: '4', unit_price: '1' }, last] },
    ['tiers.1.up_to'],
  ],
  [
    'prices of a tier',
    { model: 'volume', tiers: [{ up_to: null, unit_price: 'x', flat_price: 'y' }] },
    ['tiers.0.unit_price', 'tiers.0.flat_price'],
  ],
  [
    'more than 100 tiers',
    {
      model: 'graduated',
      tiers: [...Array.from({ length: 100 }, (_, index) => ({ up_to: `${index + 1}`, unit_price: '1' })), last],
    },
    ['tiers'],
  ],
  ['no dimensions', { model: 'matrix', dimensions: [], rows: [], default: { unit_price: '1' } }, ['dimensions']],
  ['a matrix without prices', { model: 'matrix', dimensions: ['format'], rows: [] }, ['rows']],
  ['a dimension twice', { model: 'matrix', dimensions: ['format', 'format'], rows: [row] }, ['dimensions.1']],
  ['a dimension without name', { model: 'matrix', dimensions: ['format', ''], rows: [row] }, ['dimensions.1']],
  [
    'a row of a dimension that is not listed',
    { model: 'matrix', dimensions: ['model'], rows: [row] },
    ['rows.0.match.format'],
  ],
  [
    'a row for everything',
    { model: 'matrix', dimensions: ['format'], rows: [{ match: {}, unit_price: '1' }] },
    ['rows.0.match'],
  ],
  [
    'the same row twice, its dimensions in another order',
    {
      model: 'matrix',
      dimensions: ['format', 'model'],
      rows: [
        { match: { format: 'png', model: 'a' }, unit_price: '1' },
        { match: { model: 'a', format: 'png' }, unit_price: '2' },
      ],
    },
    ['rows.1.match'],
  ],
  [
    'prices of a row and of the default',
    {
      model: 'matrix',
      dimensions: ['format'],
      rows: [{ match: { format: 'png' }, unit_price: '+1' }],
      default: { unit_price: '01' },
    },
    ['rows.0.unit_price', 'default.unit_price'],
  ],
]

describe('a price definition', () => {
  it.each(REFUSED)('is refused for %s, by the path of the field', (_, definition, paths) => {
    expect(refusedPaths(definition)).toEqual(paths)
  })

  it('is charged in credit, by month, without a minimum, unless it says otherwise', () => {
    const terms = readPriceDefinition({ model: 'per_unit', unit_price: '0' })
    expect(terms.ok && [terms.value.asset, terms.value.period, terms.value.minimumQuantity]).toEqual([
      'credit',
      'month',
      null,
    ])
  })

  it('is written as it was read', () => {
    const positive = fc.integer({ min: 1, max: 999_999 }).map((micro) => `0.${micro.toString().padStart(6, '0')}1`)
    const price = fc.oneof(positive, fc.constant('0'))
    const common = { asset: fc.constantFrom('credit', 'token'), period: fc.constantFrom('day', 'month', 'total') }
    const optional = { requiredKeys: ['model', 'unit_price', 'asset', 'period'] as const }
    const definitions: fc.Arbitrary<PriceDefinition> = fc.oneof(
      fc.record(
        {
          model: fc.constant('per_unit' as const),
          unit_price: price,
          round_up_to: positive,
          minimum_quantity: positive,
          ...common,
        },
        { requiredKeys: [...optional.requiredKeys] },
      ),
      fc.record({ model: fc.constant('package' as const), package_size: positive, package_price: price, ...common }),
      fc.record({
        model: fc.constantFrom('graduated' as const, 'volume' as const),
        tiers: fc.array(price, { minLength: 1, maxLength: 5 }).map((prices) =>
          prices.map((unit_price, index) => ({
            up_to: index === prices.length - 1 ? null : `${index + 1}.5`,
            unit_price,
            ...(index % 2 === 0 ? {} : { flat_price: '3.25' }),
          })),
        ),
        ...common,
      }),
      fc.record({
        model: fc.constant('matrix' as const),
        dimensions: fc.constant(['model', 'format']),
        rows: fc.tuple(price, price).map(([one, other]) => [
          { match: { model: 'a' }, unit_price: one },
          { match: { model: 'a', format: 'png' }, unit_price: other },
        ]),
        default: fc.record({ unit_price: price }),
        ...common,
      }),
    )
    fc.assert(
      fc.property(definitions, (definition) => {
        const terms = readPriceDefinition(definition)
        expect(terms.ok && writePriceDefinition(terms.value)).toEqual(definition)
      }),
    )
  })
})
