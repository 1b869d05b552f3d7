import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatQuantity, ZERO_QUANTITY } from '@/lib/money/quantity'
import { entriesQuery, entryDetailAnswer, toUsageEvent, usageBatchInput, usageEventInput } from './contract'
import type { EntryDetailAnswer } from './contract'
import { arithmeticLines } from './rules/arithmetic'
import type { PriceDefinition } from './rules/price'
import { rate } from './rules/rate'
import { readPriceDefinition } from './rules/read-price'
import { canonicalUsageBody } from './rules/usage-event'

const EVENT = { id: 'evt-1', organization: 'acme', meter: 'rule_run', quantity: '1' }

type Issue = { readonly path: readonly PropertyKey[]; readonly message: string; readonly code?: string }

function refusals(schema: typeof usageEventInput | typeof entriesQuery, input: unknown): readonly Issue[] {
  const parsed = schema.safeParse(input)
  return parsed.success ? [] : parsed.error.issues
}

function refusedPaths(input: unknown): readonly string[] {
  return refusals(usageEventInput, input).map(({ path }) => path.join('.'))
}

function canonical(input: unknown): string {
  return canonicalUsageBody(toUsageEvent(usageEventInput.parse(input)))
}

describe('a usage event', () => {
  it('needs an id, an organization, a meter and a quantity', () => {
    expect(refusals(usageEventInput, {})).toMatchObject(
      ['id', 'organization', 'meter', 'quantity'].map((field) => ({ path: [field], message: 'Send this field.' })),
    )
  })

  it.each(['0', '1', '25.4', '0.000000000001', '1000000000000000', 7, 0])(
    'is accepted with the quantity %s',
    (accepted) => {
      const parsed = usageEventInput.parse({ ...EVENT, quantity: accepted })
      expect(formatQuantity(toUsageEvent(parsed).quantity)).toBe(accepted.toString())
    },
  )

  it.each([
    '-1',
    '-0',
    '+1',
    '',
    ' 1',
    '01',
    '1.',
    '.5',
    '1e3',
    '0x10',
    '1,000',
    'NaN',
    'Infinity',
    '٣',
    '0.0000000000001',
    '1000000000000000.000000000001',
    '9'.repeat(41),
    -1,
    1.5,
    NaN,
    Infinity,
    2 ** 53,
    null,
    true,
    ['1'],
    { valueOf: '1' },
  ])('is refused with the quantity %s, by the name of the field', (quantity) => {
    expect(refusedPaths({ ...EVENT, quantity })).toEqual(['quantity'])
  })

  it.each(['-0.1', '1e-3', '0.0000000000001', 0.5])('is refused with the cost %s', (cost) => {
    expect(refusedPaths({ ...EVENT, cost })).toEqual(['cost'])
  })

  it.each(['x', 'a'.repeat(128), 'with space', 'Zoë', '請求', '😀'.repeat(128)])('is accepted with the id %s', (id) => {
    expect(refusedPaths({ ...EVENT, id })).toEqual([])
  })

  it.each(['', 'a'.repeat(129), 'a\nb', 'a\u0000', '\u200b', '\u2028', '\u202eevil', '\ud800', 5, null])(
    'is refused with the id %j',
    (id) => {
      expect(refusedPaths({ ...EVENT, id })).toEqual(['id'])
    },
  )

  it.each(['2026-03-01T00:00:00Z', '2026-03-01T00:00:00.123456Z', '2028-02-29T05:30:00+05:30'])(
    'is accepted with the instant %s',
    (occurred_at) => {
      expect(refusedPaths({ ...EVENT, occurred_at })).toEqual([])
    },
  )

  it.each([
    '2026-03-01T00:00:00',
    '2026-03-01',
    '2026-02-29T00:00:00Z',
    '2026-03-01T24:00:00Z',
    '2026-03-01 00:00:00Z',
    '2026-03-01T00:00:00+0530',
    '1772323200',
    1772323200,
    null,
  ])('is refused with the instant %s', (occurred_at) => {
    expect(refusedPaths({ ...EVENT, occurred_at })).toEqual(['occurred_at'])
  })

  it('is accepted with 20 dimensions and refused with 21', () => {
    const dimensions = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, at) => [`d${at}`, 'x']))
    expect(refusedPaths({ ...EVENT, dimensions: dimensions(20) })).toEqual([])
    expect(refusedPaths({ ...EVENT, dimensions: dimensions(21) })).toEqual(['dimensions'])
  })

  it.each([
    ['a value that is no string', { format: 1 }, 'dimensions.format'],
    ['a value that is not flat', { format: { kind: 'png' } }, 'dimensions.format'],
    ['an empty value', { format: '' }, 'dimensions.format'],
    ['a value that is too long', { format: 'x'.repeat(257) }, 'dimensions.format'],
    ['a name that is too long', { ['x'.repeat(65)]: 'y' }, `dimensions.${'x'.repeat(65)}`],
    ['a name that would be lost', JSON.parse('{"__proto__":"x"}'), 'dimensions.__proto__'],
    ['a list', ['png'], 'dimensions'],
  ])('is refused with %s among its dimensions', (_, dimensions, path) => {
    expect(refusedPaths({ ...EVENT, dimensions })).toEqual([path])
  })

  it('is refused with unknown fields, each by its name', () => {
    expect(refusals(usageEventInput, { ...EVENT, amount: '1', Quantity: '1' })).toMatchObject([
      { code: 'unrecognized_keys', keys: ['amount', 'Quantity'], message: expect.stringContaining('"amount"') },
    ])
  })

  it.each([null, undefined, 1, 'event', [], [EVENT]])('is refused when it is %j', (input) => {
    expect(usageEventInput.safeParse(input).success).toBe(false)
  })
})

describe('the body that a replay is compared by', () => {
  it('is the same for a number and a string, for trailing zeros, and for one instant at any offset', () => {
    const instant = { ...EVENT, quantity: '5', cost: '2', occurred_at: '2026-03-01T00:00:00Z' }
    const other = { ...EVENT, quantity: 5, cost: '2.000', occurred_at: '2026-03-01T05:30:00.000+05:30' }
    expect(canonical(other)).toBe(canonical(instant))
  })

  it('is the same whatever the order of keys', () => {
    const entries = Object.entries({ ...EVENT, model: 'm', cost: '1', dimensions: { b: '1', a: '2' } })
    const same = canonical(Object.fromEntries(entries))
    fc.assert(
      fc.property(fc.shuffledSubarray(entries, { minLength: entries.length }), (shuffled) => {
        const reversed = { ...Object.fromEntries(shuffled), dimensions: { a: '2', b: '1' } }
        expect(canonical(reversed)).toBe(same)
      }),
    )
  })

  it('is the same when `occurred_at` is missing both times, and another when it is missing once', () => {
    expect(canonical(EVENT)).toBe(canonical({ ...EVENT }))
    expect(canonical(EVENT)).not.toBe(canonical({ ...EVENT, occurred_at: '2026-03-01T00:00:00Z' }))
  })

  it('is the same when the organization is named by its id instead of its external id', () => {
    expect(canonical({ ...EVENT, organization: 'org_01' })).toBe(canonical(EVENT))
  })

  it.each([
    { meter: 'gpu_second' },
    { quantity: '2' },
    { occurred_at: '2026-03-01T00:00:00Z' },
    { member: 'x' },
    { key: 'x' },
    { resource: 'x' },
    { model: 'x' },
    { feature: 'x' },
    { dimensions: { x: 'y' } },
    { cost: '0' },
  ])('is another when %j differs', (difference) => {
    expect(canonical({ ...EVENT, ...difference })).not.toBe(canonical(EVENT))
  })

  it('does not mistake one field for another', () => {
    const texts = ['member', 'key', 'resource', 'model', 'feature'].map((field) =>
      canonical({ ...EVENT, [field]: 'x' }),
    )
    expect(new Set(texts).size).toBe(5)
    const quoted = [{ a: 'b","c' }, { 'a","b': 'c' }].map((dimensions) => canonical({ ...EVENT, dimensions }))
    expect(new Set(quoted).size).toBe(2)
  })
})

describe('a batch', () => {
  it('has 1 to 1000 events, and leaves each event to be validated by itself', () => {
    expect(usageBatchInput.safeParse({ events: [] }).success).toBe(false)
    expect(usageBatchInput.safeParse({ events: Array.from({ length: 1001 }, () => EVENT) }).success).toBe(false)
    expect(usageBatchInput.safeParse({ events: [EVENT, { quantity: 'bad' }, null] }).success).toBe(true)
  })
})

describe('the query for entries', () => {
  it('asks for 50 unless it says otherwise, from 1 to 200', () => {
    expect(entriesQuery.parse({}).limit).toBe(50)
    expect(entriesQuery.parse({ limit: '200' }).limit).toBe(200)
    for (const limit of ['0', '201', '1.5', 'many', '']) {
      expect(refusals(entriesQuery, { limit })).toMatchObject([{ path: ['limit'] }])
    }
  })

  it.each([
    [{ starting_after: 'ent_1', ending_before: 'ent_2' }, 'ending_before'],
    [{ from: '2026-03-01T00:00:00Z', to: '2026-03-01T05:30:00+05:30' }, 'to'],
    [{ kind: 'transaction' }, 'kind'],
    [{ asset: 'CREDIT!' }, 'asset'],
    [{ from: 'yesterday' }, 'from'],
  ])('is refused for %j', (query, field) => {
    expect(refusals(entriesQuery, query).map(({ path }) => path.join('.'))).toEqual([field])
  })

  it('is refused with unknown parameters by their names', () => {
    expect(refusals(entriesQuery, { page: '2' })).toMatchObject([{ code: 'unrecognized_keys', keys: ['page'] }])
  })
})

describe('the arithmetic of an entry', () => {
  const tiers = [
    { up_to: '10', unit_price: '1' },
    { up_to: null, unit_price: '0.5', flat_price: '2' },
  ]

  it.each([
    { model: 'per_unit', unit_price: '0.004', round_up_to: '2', minimum_quantity: '1' },
    { model: 'package', package_size: '100', package_price: '1' },
    { model: 'graduated', tiers },
    { model: 'volume', tiers },
    { model: 'matrix', dimensions: ['format'], rows: [{ match: { format: 'png' }, unit_price: '1' }] },
  ] satisfies readonly PriceDefinition[])('is answered as it was reckoned: %j', (definition) => {
    const terms = readPriceDefinition(definition)
    if (!terms.ok) throw new Error('a definition of this test is refused')
    const price = { ...terms.value, id: 'price', meter: 'image', scale: 9, effectiveFrom: new Date(0) }
    const event = toUsageEvent(usageEventInput.parse({ ...EVENT, quantity: '20.5', dimensions: { format: 'png' } }))
    const rating = rate(price, { ...event, usedInPeriod: ZERO_QUANTITY })
    const arithmetic: EntryDetailAnswer['arithmetic'] = rating.ok ? arithmeticLines(rating.value.steps) : []
    expect(arithmetic.length).toBeGreaterThan(1)
    expect(entryDetailAnswer.shape.arithmetic.parse(arithmetic)).toEqual(arithmetic)
  })
})
