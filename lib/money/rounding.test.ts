import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { LARGEST_AMOUNT } from './amount'
import {
  DECIMAL_PLACES,
  flatCharge,
  formatQuantity,
  formatUnitPrice,
  multiply,
  parseQuantity,
  parseUnitPrice,
  quantity,
  roundCharge,
  roundUpTo,
  wholeQuantity,
  type Quantity,
  type UnitPrice,
} from './quantity'
import { divideHalfEven, divideUp, powerOfTen } from './rounding'

function quantityOf(text: string): Quantity {
  const parsed = parseQuantity(text)
  if (!parsed.ok) throw new Error(parsed.error)
  return parsed.value
}

function priceOf(text: string): UnitPrice {
  const parsed = parseUnitPrice(text)
  if (!parsed.ok) throw new Error(parsed.error)
  return parsed.value
}

const numerator = fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n })
const denominator = fc.oneof(fc.bigInt({ min: 1n, max: 12n }), fc.bigInt({ min: 1n, max: 10n ** 20n }))

describe('dividing', () => {
  test('half-even takes ties to the even neighbour, on both sides of zero', () => {
    const halves = [-7n, -5n, -3n, -1n, 1n, 3n, 5n, 7n]
    expect(halves.map((value) => divideHalfEven(value, 2n))).toEqual([-4n, -2n, -2n, 0n, 0n, 2n, 2n, 4n])
    expect([249n, 250n, 251n, 349n, 350n, 351n].map((value) => divideHalfEven(value, 100n))).toEqual([
      2n,
      2n,
      3n,
      3n,
      4n,
      4n,
    ])
  })

  test('half-even is never further off than half, and even when it is', () => {
    fc.assert(
      fc.property(numerator, denominator, (value, by) => {
        const result = divideHalfEven(value, by)
        const off = 2n * (value - result * by)
        expect(off <= by && -off <= by).toBe(true)
        if (off === by || off === -by) expect(result % 2n).toBe(0n)
      }),
    )
  })

  test('half-even treats both signs alike', () => {
    fc.assert(
      fc.property(numerator, denominator, (value, by) => {
        expect(divideHalfEven(-value, by)).toBe(-divideHalfEven(value, by))
      }),
    )
  })

  test('up answers the smallest integer that is not less', () => {
    fc.assert(
      fc.property(numerator, denominator, (value, by) => {
        const result = divideUp(value, by)
        expect(result * by >= value && (result - 1n) * by < value).toBe(true)
      }),
    )
  })

  test('by anything but a positive number is a bug', () => {
    for (const by of [0n, -1n]) {
      expect(() => divideHalfEven(1n, by)).toThrow(RangeError)
      expect(() => divideUp(1n, by)).toThrow(RangeError)
    }
    expect(() => powerOfTen(-1)).toThrow(RangeError)
    expect(() => powerOfTen(0.5)).toThrow(RangeError)
    expect([0, 1, 24].map(powerOfTen)).toEqual([1n, 10n, 10n ** 24n])
  })
})

describe('quantities and prices', () => {
  test('read back from what is written', () => {
    const range = fc.bigInt({ min: 0n, max: 10n ** 21n })
    fc.assert(
      fc.property(range, (value) => {
        expect(parseQuantity(formatQuantity(value as Quantity))).toEqual({ ok: true, value })
        expect(parseUnitPrice(formatUnitPrice(value as UnitPrice))).toEqual({ ok: true, value })
      }),
    )
  })

  test('a quantity goes up to 10^15 with twelve decimals, not a step further', () => {
    expect(parseQuantity('1000000000000000')).toEqual({ ok: true, value: 10n ** 27n })
    expect(parseQuantity('999999999999999.999999999999')).toEqual({ ok: true, value: 10n ** 27n - 1n })
    expect(parseQuantity('1000000000000000.000000000001')).toEqual({ ok: false, error: 'out_of_range' })
    expect(parseQuantity('0.0000000000001')).toEqual({ ok: false, error: 'too_many_decimals' })
  })

  test('have no sign', () => {
    for (const text of ['-1', '-0', '+1', '1e3']) {
      expect(parseQuantity(text)).toEqual({ ok: false, error: 'not_a_decimal' })
      expect(parseUnitPrice(text)).toEqual({ ok: false, error: 'not_a_decimal' })
    }
    expect(() => quantity(-1n)).toThrow(RangeError)
  })

  test('a unit price is never larger than the largest amount of credits', () => {
    expect(parseUnitPrice('9000000000')).toMatchObject({ ok: true })
    expect(parseUnitPrice('9000000000.000000000001')).toEqual({ ok: false, error: 'out_of_range' })
  })

  test('a partial second counts as a whole one, a whole one as itself', () => {
    const second = wholeQuantity(1n)
    expect(['25.4', '25', '0.000000000001', '0'].map((text) => roundUpTo(quantityOf(text), second))).toEqual(
      [26n, 25n, 1n, 0n].map(wholeQuantity),
    )
    expect(() => roundUpTo(second, quantity(0n))).toThrow(RangeError)
  })
})

describe('charges', () => {
  test('2,500 × 0.004 is 10 exactly', () => {
    expect(roundCharge(multiply(quantityOf('2500'), priceOf('0.004')), 9)).toBe(10_000_000_000n)
  })

  test.each([
    ['3', '0.1', 9, 300_000_000n],
    ['10', '0.60', 2, 600n],
    ['0.5', '1', 0, 0n],
    ['1.5', '1', 0, 2n],
    ['2.5', '1', 0, 2n],
    ['2.500000000001', '1', 0, 3n],
    ['1', '0.0000000005', 9, 0n],
    ['3', '0.0000000005', 9, 2n],
    ['1', '0.000000000501', 9, 1n],
  ])('%s × %s at scale %i is rounded once, half-even', (used, price, scale, charge) => {
    expect(roundCharge(multiply(quantityOf(used), priceOf(price)), scale)).toBe(charge)
  })

  test('of several tiers are added before they are rounded', () => {
    const half = multiply(quantityOf('1'), priceOf('0.5'))
    expect(roundCharge(half, 0)).toBe(0n)
    expect(roundCharge(half + half, 0)).toBe(1n)
    expect(roundCharge(half + flatCharge(priceOf('0.5')), 0)).toBe(1n)
  })

  test('are never off by more than half of the smallest unit', () => {
    const factor = fc.bigInt({ min: 0n, max: 10n ** 15n })
    fc.assert(
      fc.property(factor, factor, fc.integer({ min: 0, max: 9 }), (used, price, scale) => {
        const exact = multiply(used as Quantity, price as UnitPrice)
        const step = powerOfTen(2 * DECIMAL_PLACES - scale)
        const off = 2n * (exact - (roundCharge(exact, scale) ?? -1n) * step)
        expect(off <= step && -off <= step).toBe(true)
      }),
    )
  })

  test('larger than any amount are null, the largest is not', () => {
    const largest = multiply(quantityOf('1'), priceOf('9000000000'))
    expect(roundCharge(largest, 9)).toBe(LARGEST_AMOUNT)
    expect(roundCharge(largest + 5n * 10n ** 14n, 9)).toBe(LARGEST_AMOUNT)
    expect(roundCharge(largest + 5n * 10n ** 14n + 1n, 9)).toBeNull()
    expect(roundCharge(multiply(quantityOf('1000000000000000'), priceOf('9000000000')), 9)).toBeNull()
  })
})
