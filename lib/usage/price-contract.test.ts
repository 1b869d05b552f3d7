import { describe, expect, it } from 'vitest'
import { assetInput, meterInput, priceAnswer, priceInput, toPriceAnswer } from './price-contract'
import type { PriceDefinition } from './rules/price'
import { readPriceDefinition } from './rules/read-price'

type Schema = { safeParse: typeof priceInput.safeParse | typeof meterInput.safeParse | typeof assetInput.safeParse }

function refusedPaths(schema: Schema, input: unknown): readonly string[] {
  const parsed = schema.safeParse(input)
  return parsed.success ? [] : parsed.error.issues.map(({ path }) => path.join('.'))
}

const tiers = [
  { up_to: 100, unit_price: '0.5' },
  { up_to: null, unit_price: '0.1', flat_price: 2 },
]

describe('a price over the wire', () => {
  it.each([
    { model: 'per_unit', unit_price: 1, round_up_to: 1, minimum_quantity: '1', asset: 'gpu_hour', period: 'total' },
    { model: 'package', package_size: '100', package_price: '1', effective_from: '2026-03-01T00:00:00Z' },
    { model: 'graduated', tiers },
    { model: 'volume', tiers },
    { model: 'matrix', dimensions: ['model'], rows: [{ match: { model: 'a' }, unit_price: '0' }] },
    { model: 'matrix', dimensions: ['model'], rows: [], default: { unit_price: '0.000000000001' } },
  ])('is accepted in every model of the interface, and what it yields can be rated: %j', (definition) => {
    expect(readPriceDefinition(priceInput.parse(definition)).ok).toBe(true)
  })

  it.each([
    [{ model: 'per_use', unit_price: '1' }, ['model']],
    [{ model: 'per_unit' }, ['unit_price']],
    [{ model: 'per_unit', unit_price: '-1' }, ['unit_price']],
    [{ model: 'per_unit', unit_price: 0.1 }, ['unit_price']],
    [{ model: 'per_unit', unit_price: '1', period: 'week' }, ['period']],
    [{ model: 'package', package_size: '0', package_price: '1' }, ['package_size']],
    [{ model: 'graduated', tiers: 'none' }, ['tiers']],
    [{ model: 'graduated', tiers: [{ up_to: '1e2', unit_price: '1' }] }, ['tiers.0.up_to']],
    [{ model: 'graduated', tiers: [{ up_to: '100', unit_price: '1' }] }, ['tiers.0.up_to']],
    [{ model: 'volume', tiers: [{ unit_price: '1' }] }, ['tiers.0.up_to']],
    [{ model: 'matrix', dimensions: [], rows: [], default: { unit_price: '1' } }, ['dimensions']],
    [
      { model: 'matrix', dimensions: ['model'], rows: [{ match: { format: 'a' }, unit_price: '1' }] },
      ['rows.0.match.format'],
    ],
    [
      { model: 'matrix', dimensions: ['model'], rows: [{ match: { model: 1 }, unit_price: '1' }] },
      ['rows.0.match.model'],
    ],
    [{ model: 'per_unit', unit_price: '1', effective_from: 'now' }, ['effective_from']],
  ])('is refused by the path of the field: %j', (definition, paths) => {
    expect(refusedPaths(priceInput, definition)).toEqual(paths)
  })

  it('is refused with a field of another model, by its name', () => {
    const parsed = priceInput.safeParse({ model: 'per_unit', unit_price: '1', tiers: [] })
    expect(parsed.error?.issues).toMatchObject([{ code: 'unrecognized_keys', keys: ['tiers'] }])
  })
})

describe('a meter and an asset over the wire', () => {
  it('waits 300 seconds for a sign of life unless the meter says otherwise, and for ever when it says null', () => {
    expect(meterInput.parse({ name: 'GPU S', unit: 'hour' }).heartbeat_timeout_seconds).toBe(300)
    const never = meterInput.parse({ name: 'GPU S', unit: 'hour', heartbeat_timeout_seconds: null })
    expect(never.heartbeat_timeout_seconds).toBeNull()
  })

  it.each([
    [meterInput, { name: 'x', unit: 'minute' }, ['unit']],
    [meterInput, { name: '', unit: 'count' }, ['name']],
    [meterInput, { name: 'x', unit: 'count', heartbeat_timeout_seconds: 0.5 }, ['heartbeat_timeout_seconds']],
    [assetInput, { name: 'Token', scale: 10 }, ['scale']],
    [assetInput, { name: 'Token', scale: -1 }, ['scale']],
    [assetInput, { name: 'Token', scale: '9' }, ['scale']],
    [assetInput, { name: 'Token', scale: 0, usd_price: '-1' }, ['usd_price']],
  ])('is refused by the name of the field', (schema, input, paths) => {
    expect(refusedPaths(schema, input)).toEqual(paths)
  })
})

describe('a price in an answer', () => {
  it.each([
    { model: 'per_unit', unit_price: '0.5', round_up_to: '1', minimum_quantity: '1' },
    { model: 'package', package_size: '100', package_price: '1' },
    {
      model: 'graduated',
      tiers: [
        { up_to: '10', unit_price: '1' },
        { up_to: null, unit_price: '0', flat_price: '2' },
      ],
    },
    { model: 'matrix', dimensions: ['model'], rows: [], default: { unit_price: '1' } },
  ] satisfies readonly PriceDefinition[])('says what was set, with the defaults spelled out: %j', (definition) => {
    const terms = readPriceDefinition(definition)
    const price = terms.ok && { ...terms.value, id: 'price-1', meter: 'gpu_hour', scale: 9, effectiveFrom: new Date(0) }
    const answer = price && priceAnswer.parse(toPriceAnswer(price))
    expect(answer).toEqual({
      ...definition,
      id: 'price-1',
      meter: 'gpu_hour',
      asset: 'credit',
      period: 'month',
      effective_from: '1970-01-01T00:00:00.000Z',
    })
  })
})
