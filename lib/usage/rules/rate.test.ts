import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatAmount } from '@/lib/money/amount'
import { parseQuantity, quantity, wholeQuantity, ZERO_QUANTITY, type Quantity } from '@/lib/money/quantity'
import { arithmeticLines } from './arithmetic'
import type { Price, PriceDefinition } from './price'
import { rate, type RatedUsage, type Rating } from './rate'
import { readPriceDefinition } from './read-price'

function units(text: string): Quantity {
  const parsed = parseQuantity(text)
  if (!parsed.ok) throw new Error(`not a quantity: ${text}`)
  return parsed.value
}

function priceOf(definition: PriceDefinition, scale = 9): Price {
  const terms = readPriceDefinition(definition)
  if (!terms.ok) throw new Error(JSON.stringify(terms.error))
  return { ...terms.value, id: 'price', meter: 'meter', scale, effectiveFrom: new Date(0) }
}

function usageOf(used: string | Quantity, rest: Partial<RatedUsage> = {}): RatedUsage {
  const measured = typeof used === 'string' ? units(used) : used
  return { quantity: measured, dimensions: {}, model: null, usedInPeriod: ZERO_QUANTITY, ...rest }
}

function rated(price: Price, usage: RatedUsage): Rating {
  const rating = rate(price, usage)
  if (!rating.ok) throw new Error(rating.error.code)
  return rating.value
}

function amountOf(price: Price, used: string, rest: Partial<RatedUsage> = {}): string {
  return formatAmount(rated(price, usageOf(used, rest)).amount, price.scale)
}

describe('a price per unit', () => {
  it('multiplies exactly: 2,500 × 0.004 is 10', () => {
    expect(amountOf(priceOf({ model: 'per_unit', unit_price: '0.004' }), '2500')).toBe('10')
  })

  it('bills a partial second as a full one: 25.4 s are 26 s', () => {
    const price = priceOf({ model: 'per_unit', unit_price: '0.001', round_up_to: '1' })
    expect(rated(price, usageOf('25.4')).billableQuantity).toBe(units('26'))
    expect(amountOf(price, '25.4')).toBe('0.026')
    expect(amountOf(price, '26')).toBe('0.026')
  })

  it('bills GPU S for 10 hours at 0.60 USD as 6.00 USD, which are 600 credits at 100 per USD', () => {
    expect(amountOf(priceOf({ model: 'per_unit', unit_price: '0.6', round_up_to: '1' }), '10')).toBe('6')
    expect(amountOf(priceOf({ model: 'per_unit', unit_price: '60', round_up_to: '1' }), '10')).toBe('600')
  })

  it.each([
    ['0.000000000001', '0.6'],
    ['0.25', '0.6'],
    ['1', '0.6'],
    ['1.000000000001', '1.2'],
    ['9.2', '6'],
  ])('bills the first hour whole and partial hours as full ones: %s h cost %s', (hours, expected) => {
    const price = priceOf({ model: 'per_unit', unit_price: '0.6', round_up_to: '1', minimum_quantity: '1' })
    expect(amountOf(price, hours)).toBe(expected)
  })

  it('bills the first hour whole and further time to the second when the price says so', () => {
    const price = priceOf({ model: 'per_unit', unit_price: '0.36', minimum_quantity: '1' })
    expect(amountOf(price, '0.5')).toBe('0.36')
    expect(amountOf(price, '1.5')).toBe('0.54')
  })

  it('rounds the minimum up as well, when it is not a whole number of steps', () => {
    const price = priceOf({ model: 'per_unit', unit_price: '1', round_up_to: '1', minimum_quantity: '1.5' })
    expect(amountOf(price, '0.1')).toBe('2')
  })

  it('bills nothing for nothing, whatever the minimum', () => {
    const price = priceOf({ model: 'per_unit', unit_price: '0.6', round_up_to: '1', minimum_quantity: '1' })
    const rating = rated(price, usageOf('0'))
    expect([rating.amount, rating.billableQuantity]).toEqual([0n, 0n])
  })

  it('prices single tokens at twelve decimals and loses nothing over a million', () => {
    const price = priceOf({ model: 'per_unit', unit_price: '0.000000150001' })
    expect(amountOf(price, '1000000')).toBe('0.150001')
    expect(amountOf(price, '1')).toBe('0.00000015')
    expect(amountOf(price, '12345678')).toBe('1.851864046')
  })

  it.each([
    ['0.5', '0'],
    ['1.5', '2'],
    ['2.5', '2'],
    ['2.500000000001', '3'],
    ['3.5', '4'],
  ])('rounds once, ties to the even unit: %s at a scale of 0 is %s', (used, expected) => {
    expect(amountOf(priceOf({ model: 'per_unit', unit_price: '1' }, 0), used)).toBe(expected)
  })

  it('refuses a charge that is larger than any amount', () => {
    const price = priceOf({ model: 'per_unit', unit_price: '9000000000' })
    expect(rate(price, usageOf('1')).ok).toBe(true)
    expect(rate(price, usageOf('1.000000000001'))).toEqual({ ok: false, error: { code: 'out_of_range' } })
    expect(rate(price, usageOf('1000000000000000'))).toEqual({ ok: false, error: { code: 'out_of_range' } })
  })

  it('differs between free and a charge that rounds to zero', () => {
    expect(rated(priceOf({ model: 'per_unit', unit_price: '0' }), usageOf('5')).isFree).toBe(true)
    const tiny = rated(priceOf({ model: 'per_unit', unit_price: '0.000000000001' }), usageOf('1'))
    expect([tiny.isFree, tiny.amount]).toEqual([false, 0n])
  })
})

describe('a price per package', () => {
  const runs = priceOf({ model: 'package', package_size: '100', package_price: '1' }, 0)

  it('covers 100 runs with one credit: run 1 takes it, runs 2 to 100 take nothing, run 101 takes the next', () => {
    const taken = Array.from({ length: 201 }, (_, before) =>
      rated(runs, usageOf('1', { usedInPeriod: wholeQuantity(BigInt(before)) })),
    )
    const paying = taken.flatMap(({ amount, packagesBegun }, index) =>
      amount === 1n && packagesBegun === 1n ? [index + 1] : [],
    )
    expect(paying).toEqual([1, 101, 201])
    expect(taken.filter(({ amount }) => amount === 0n)).toHaveLength(198)
  })

  it('charges runs 2 to 100 nothing without calling them free', () => {
    expect(rated(runs, usageOf('1', { usedInPeriod: units('1') })).isFree).toBe(false)
    const free = priceOf({ model: 'package', package_size: '100', package_price: '0' })
    expect(rated(free, usageOf('1')).isFree).toBe(true)
  })

  it.each([
    ['250', '0', '3'],
    ['250', '50', '2'],
    ['250', '51', '3'],
    ['0', '0', '0'],
    ['0', '50', '0'],
    ['0.5', '99.5', '0'],
    ['0.5', '100', '1'],
  ])('charges %s runs after %s with %s credits', (used, before, expected) => {
    expect(amountOf(runs, used, { usedInPeriod: units(before) })).toBe(expected)
  })

  it('begins as many packages for many events as for one', () => {
    fc.assert(
      fc.property(fc.array(fc.bigInt({ min: 0n, max: 10n ** 15n }), { maxLength: 30 }), (events) => {
        expect(chargedApart(runs, events)).toBe(chargedTogether(runs, events))
      }),
    )
  })
})

const TIERS = [
  { up_to: '100', unit_price: '0.5' },
  { up_to: '1000', unit_price: '0.25', flat_price: '2' },
  { up_to: null, unit_price: '0.1' },
]

describe('a graduated price', () => {
  const price = priceOf({ model: 'graduated', tiers: TIERS })

  it.each([
    ['100', '0', '50'],
    ['101', '0', '52.25'],
    ['1000', '0', '277'],
    ['1001', '0', '277.1'],
    ['1', '100', '2.25'],
    ['1', '101', '0.25'],
    ['50', '980', '8'],
    ['0', '100', '0'],
  ])('prices each unit in its own tier and a flat price when the tier is entered: %s after %s', (used, before, sum) => {
    expect(amountOf(price, used, { usedInPeriod: units(before) })).toBe(sum)
  })

  it('is the sum over its tiers, line by line', () => {
    const { steps } = rated(price, usageOf('1500'))
    expect(arithmeticLines(steps).flatMap((line) => ('subtotal' in line ? [line.subtotal] : []))).toEqual([
      '50',
      '2',
      '225',
      '50',
    ])
  })

  it('charges the same for a quantity whether it comes in one event or in many', () => {
    fc.assert(
      fc.property(fc.array(fc.bigInt({ min: 0n, max: 10n ** 15n }), { maxLength: 30 }), (events) => {
        expect(exactApart(price, events)).toBe(exactTogether(price, events))
      }),
    )
  })

  it('is free only within tiers that cost nothing', () => {
    const freeFirst = priceOf({
      model: 'graduated',
      tiers: [
        { up_to: '10', unit_price: '0' },
        { up_to: null, unit_price: '1' },
      ],
    })
    expect(rated(freeFirst, usageOf('10')).isFree).toBe(true)
    expect(rated(freeFirst, usageOf('11')).isFree).toBe(false)
    expect(rated(freeFirst, usageOf('0', { usedInPeriod: units('10') })).isFree).toBe(false)
  })

  it('adds a flat fee per period to usage, as one tier without end', () => {
    const flat = priceOf({ model: 'graduated', tiers: [{ up_to: null, unit_price: '0.5', flat_price: '20' }] })
    expect(amountOf(flat, '2')).toBe('21')
    expect(amountOf(flat, '2', { usedInPeriod: units('2') })).toBe('1')
    expect(amountOf(flat, '0')).toBe('0')
  })

  it.each(['graduated', 'volume'] as const)('is not free while a flat price has paid for it: %s', (model) => {
    const prepaid = priceOf({ model, tiers: [{ up_to: null, unit_price: '0', flat_price: '20' }] })
    const ratings = ['0', '5'].map((before) => rated(prepaid, usageOf('1', { usedInPeriod: units(before) })))
    expect(ratings.map(({ amount, isFree }) => [formatAmount(amount, 9), isFree])).toEqual([
      ['20', false],
      ['0', false],
    ])
  })
})

describe('a volume price', () => {
  const price = priceOf({ model: 'volume', tiers: TIERS })

  it.each([
    ['100', '0', '50'],
    ['101', '0', '27.25'],
    ['50', '50', '25'],
    ['51', '50', '14.75'],
    ['1', '100', '2.25'],
    ['1', '101', '0.25'],
    ['10', '200', '2.5'],
    ['2000', '0', '200'],
  ])('prices all units of an event at the tier the total reaches with it: %s after %s', (used, before, expected) => {
    expect(amountOf(price, used, { usedInPeriod: units(before) })).toBe(expected)
  })

  it('re-prices nothing earlier: an event costs the same however the usage before it was priced', () => {
    const first = amountOf(price, '90')
    const second = amountOf(price, '20', { usedInPeriod: units('90') })
    expect([first, second]).toEqual(['45', '7'])
  })

  it('uses one tier for the whole event, whatever the quantities', () => {
    const positive = fc.bigInt({ min: 0n, max: 10n ** 15n })
    fc.assert(
      fc.property(positive, positive, (used, before) => {
        const { steps } = rated(price, usageOf(quantity(used), { usedInPeriod: quantity(before) }))
        expect(steps.filter(({ step }) => step === 'units')).toHaveLength(1)
      }),
    )
  })
})

describe('every price', () => {
  it('rounds the sum once: many tiers are never off by more than half a unit', () => {
    const tiers = [
      ...Array.from({ length: 9 }, (_, index) => ({ up_to: `${index + 1}`, unit_price: '0.5' })),
      { up_to: null, unit_price: '0.5' },
    ]
    expect(amountOf(priceOf({ model: 'graduated', tiers }, 0), '5')).toBe('2')
    expect(amountOf(priceOf({ model: 'graduated', tiers }, 0), '7')).toBe('4')
  })

  it('explains itself: the subtotals add up to what is rounded, and the rounding to the amount', () => {
    const price = priceOf({ model: 'per_unit', unit_price: '0.0000000125', round_up_to: '0.5', minimum_quantity: '1' })
    const rating = rated(price, usageOf('0.2'))
    expect(arithmeticLines(rating.steps)).toEqual([
      { step: 'minimum', quantity: '0.2', billed: '1' },
      { step: 'units', quantity: '1', price: '0.0000000125', tier: null, match: null, subtotal: '0.0000000125' },
      { step: 'rounding', exact: '0.0000000125', rounded: '0.000000012' },
    ])
  })

  it('names the package, the tier and the step that quantities were rounded up to', () => {
    const runs = priceOf({ model: 'package', package_size: '100', package_price: '1' })
    expect(arithmeticLines(rated(runs, usageOf('150', { usedInPeriod: units('30') })).steps)[0]).toEqual({
      step: 'package',
      counted: '30',
      quantity: '150',
      size: '100',
      begun: '1',
      price: '1',
      subtotal: '1',
    })
    const volume = priceOf({ model: 'volume', tiers: TIERS })
    expect(arithmeticLines(rated(volume, usageOf('101')).steps)[0]).toEqual({
      step: 'flat',
      price: '2',
      tier: { number: 2, from: '100', to: '1000' },
      subtotal: '2',
    })
    const seconds = priceOf({ model: 'per_unit', unit_price: '0.001', round_up_to: '1' })
    expect(arithmeticLines(rated(seconds, usageOf('25.4')).steps)[0]).toEqual({
      step: 'round_up',
      quantity: '25.4',
      multiple: '1',
      billed: '26',
    })
  })
})

function exactApart(price: Price, events: readonly bigint[]): bigint {
  return ratedApart(price, events).reduce((sum, { steps }) => sum + exactOf(steps), 0n)
}

function exactTogether(price: Price, events: readonly bigint[]): bigint {
  return exactOf(rated(price, usageOf(quantity(events.reduce((sum, used) => sum + used, 0n)))).steps)
}

function exactOf(steps: Rating['steps']): bigint {
  return steps.reduce((sum, step) => sum + ('charge' in step ? step.charge : 0n), 0n)
}

function chargedApart(price: Price, events: readonly bigint[]): bigint {
  return ratedApart(price, events).reduce((sum, { amount }) => sum + amount, 0n)
}

function chargedTogether(price: Price, events: readonly bigint[]): bigint {
  return rated(price, usageOf(quantity(events.reduce((sum, used) => sum + used, 0n)))).amount
}

function ratedApart(price: Price, events: readonly bigint[]): readonly Rating[] {
  let usedInPeriod = ZERO_QUANTITY
  return events.map((used) => {
    const rating = rated(price, usageOf(quantity(used), { usedInPeriod }))
    usedInPeriod = quantity(usedInPeriod + rating.billableQuantity)
    return rating
  })
}
