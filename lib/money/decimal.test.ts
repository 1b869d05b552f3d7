import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { amount, formatAmount, LARGEST_AMOUNT, parseAmount, smallerAmount } from './amount'
import {
  cents,
  centsForCredits,
  creditsForCents,
  formatDollars,
  LARGEST_CHARGE_CENTS,
  parseCreditRate,
  parseDollars,
  type CreditRate,
} from './cents'
import { formatDecimal, parseDecimal } from './decimal'

const scale = fc.integer({ min: 0, max: 9 })
const anyAmount = fc.bigInt({ min: -LARGEST_AMOUNT, max: LARGEST_AMOUNT }).map(amount)
const positiveAmount = fc.bigInt({ min: 0n, max: LARGEST_AMOUNT }).map(amount)

function rateOf(text: string): CreditRate {
  const parsed = parseCreditRate(text)
  if (!parsed.ok) throw new Error(parsed.error)
  return parsed.value
}

/** A decimal text made by placing a point, to check the formatter against something that does not divide. */
function placePoint(units: bigint, places: number): string {
  const digits = (units < 0n ? -units : units).toString().padStart(places + 1, '0')
  const text = `${digits.slice(0, digits.length - places)}.${digits.slice(digits.length - places)}`
  const trimmed = text.replace(/\.?0*$/, '')
  return units < 0n ? `-${trimmed}` : trimmed
}

describe('decimal strings', () => {
  test('what is written is read back exactly, at every scale and sign', () => {
    fc.assert(
      fc.property(anyAmount, fc.integer({ min: 0, max: 12 }), (value, places) => {
        expect(parseDecimal(formatDecimal(value, places), places)).toEqual({ ok: true, value })
      }),
    )
  })

  test('are exact and without trailing zeros', () => {
    fc.assert(
      fc.property(anyAmount, fc.integer({ min: 1, max: 12 }), (value, places) => {
        expect(formatDecimal(value, places)).toBe(placePoint(value, places))
      }),
    )
    expect([0n, 1n, 10n, -10n, 1_000_000_000n, 12_500_000_000n].map((value) => formatDecimal(value, 9))).toEqual([
      '0',
      '0.000000001',
      '0.00000001',
      '-0.00000001',
      '1',
      '12.5',
    ])
    expect([0n, 100n, -100n].map((value) => formatDecimal(value, 0))).toEqual(['0', '100', '-100'])
  })

  test.each([
    '1e3',
    '+1',
    '01',
    '00',
    ' 1',
    '1 ',
    '1\n',
    '1.',
    '.5',
    '.',
    '',
    '-',
    '--1',
    '-0',
    '-0.00',
    '1,5',
    '1_000',
  ])('%j is not a decimal', (text) => {
    expect(parseDecimal(text, 9)).toEqual({ ok: false, error: 'not_a_decimal' })
  })

  test.each(['0x10', '1n', 'NaN', 'Infinity', '\uff11', '\u0967', '\u0663', '\u22121', '1\u00a0', '1.2.3', '1.-2'])(
    '%j is not a decimal',
    (text) => {
      expect(parseDecimal(text, 9)).toEqual({ ok: false, error: 'not_a_decimal' })
    },
  )

  test('with more decimals than the scale are refused, even when they are zeros', () => {
    expect(parseDecimal('1.25', 2)).toEqual({ ok: true, value: 125n })
    expect(parseDecimal('1.50', 2)).toEqual({ ok: true, value: 150n })
    expect(parseDecimal('1.250', 2)).toEqual({ ok: false, error: 'too_many_decimals' })
    expect(parseDecimal('1.0', 0)).toEqual({ ok: false, error: 'too_many_decimals' })
  })

  test('longer than anything Purser accepts are refused before they are read', () => {
    expect(parseDecimal('9'.repeat(40), 0)).toMatchObject({ ok: true })
    expect(parseDecimal('9'.repeat(41), 0)).toEqual({ ok: false, error: 'out_of_range' })
    expect(parseDecimal('9'.repeat(100_000), 0)).toEqual({ ok: false, error: 'out_of_range' })
  })

  test('whatever text is given is refused or means what it says', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^-?[0-9]{0,4}\.?[0-9]{0,4}$/)), scale, (text, places) => {
        const parsed = parseDecimal(text, places)
        if (!parsed.ok) return
        const [whole = '', fraction = ''] = text.split('.')
        expect(formatDecimal(parsed.value, places)).toBe(fraction === '' ? whole : text.replace(/\.?0+$/, ''))
      }),
    )
  })
})

describe('amounts', () => {
  test('of zero or more read back from what is written, at every scale', () => {
    fc.assert(
      fc.property(positiveAmount, scale, (value, places) => {
        expect(parseAmount(formatAmount(value, places), places)).toEqual({ ok: true, value })
      }),
    )
  })

  test('of 9,000,000,000 units at scale 9 pass, the smallest step more is out of range', () => {
    expect(parseAmount('9000000000', 9)).toEqual({ ok: true, value: LARGEST_AMOUNT })
    expect(parseAmount('9000000000.000000001', 9)).toEqual({ ok: false, error: 'out_of_range' })
    expect(parseAmount('9000000000000000000', 0)).toEqual({ ok: true, value: LARGEST_AMOUNT })
    expect(parseAmount('9000000000000000001', 0)).toEqual({ ok: false, error: 'out_of_range' })
  })

  test('fit a PostgreSQL BIGINT with either sign', () => {
    expect(LARGEST_AMOUNT).toBeLessThan(2n ** 63n)
    expect([amount(LARGEST_AMOUNT), amount(-LARGEST_AMOUNT)]).toEqual([LARGEST_AMOUNT, -LARGEST_AMOUNT])
    expect(() => amount(LARGEST_AMOUNT + 1n)).toThrow(RangeError)
    expect(() => amount(-LARGEST_AMOUNT - 1n)).toThrow(RangeError)
  })

  test('have no sign where they are read', () => {
    expect(parseAmount('-1', 9)).toEqual({ ok: false, error: 'not_a_decimal' })
    expect(parseAmount('-0', 9)).toEqual({ ok: false, error: 'not_a_decimal' })
  })

  test('the smaller of two is either when they are equal', () => {
    expect([smallerAmount(amount(1n), amount(2n)), smallerAmount(amount(2n), amount(1n))]).toEqual([1n, 1n])
    expect(smallerAmount(amount(-1n), amount(-1n))).toBe(-1n)
  })
})

describe('cents', () => {
  test('read from dollars of two decimals at most, up to what Stripe charges at once', () => {
    expect(['5', '0.5', '12.34', '999999.99'].map((text) => parseDollars(text))).toEqual(
      [500n, 50n, 1_234n, LARGEST_CHARGE_CENTS].map((value) => ({ ok: true, value })),
    )
    expect(parseDollars('1000000')).toEqual({ ok: false, error: 'out_of_range' })
    expect(parseDollars('0.005')).toEqual({ ok: false, error: 'too_many_decimals' })
    expect(parseDollars('-5')).toEqual({ ok: false, error: 'not_a_decimal' })
    expect([8_100n, 1_250n, 5n].map((value) => formatDollars(cents(value)))).toEqual(['81', '12.5', '0.05'])
  })

  test('are never negative', () => {
    expect(() => cents(-1n)).toThrow(RangeError)
  })

  test('buy what the packs of the five businesses say', () => {
    expect(creditsForCents(cents(500n), rateOf('100'), 0)).toBe(500n)
    expect(creditsForCents(cents(2_500n), rateOf('1'), 9)).toBe(25_000_000_000n)
    expect(creditsForCents(cents(1n), rateOf('1'), 9)).toBe(10_000_000n)
    expect(creditsForCents(cents(199n), rateOf('1'), 0)).toBe(1n)
    expect(creditsForCents(cents(1_000n), rateOf('0.333333'), 9)).toBe(3_333_330_000n)
  })

  test('a rate has six decimals at most and is more than zero', () => {
    expect(parseCreditRate('0')).toEqual({ ok: false, error: 'out_of_range' })
    expect(parseCreditRate('-1')).toEqual({ ok: false, error: 'out_of_range' })
    expect(parseCreditRate('0.0000001')).toEqual({ ok: false, error: 'too_many_decimals' })
  })

  test('a recharge from 19 to 100 at a dollar a credit is 81 dollars exactly, and a fraction of a cent rounds up', () => {
    expect(centsForCredits(amount(81_000_000_000n), rateOf('1'), 9)).toBe(8_100n)
    expect(centsForCredits(amount(81_000_000_001n), rateOf('1'), 9)).toBe(8_101n)
    expect(centsForCredits(amount(1n), rateOf('100'), 0)).toBe(1n)
    expect(centsForCredits(amount(0n), rateOf('100'), 0)).toBe(0n)
  })

  test('that are charged for credits buy at least those credits, and a cent less would not', () => {
    const rate = fc.constantFrom('0.5', '1', '3', '100', '1000').map(rateOf)
    const wanted = fc.bigInt({ min: 1n, max: 10n ** 15n }).map(amount)
    fc.assert(
      fc.property(wanted, rate, fc.integer({ min: 2, max: 9 }), (value, creditsPerUsd, places) => {
        const price = centsForCredits(value, creditsPerUsd, places)
        expect(creditsForCents(price, creditsPerUsd, places)).toBeGreaterThanOrEqual(value)
        expect(creditsForCents(cents(price - 1n), creditsPerUsd, places)).toBeLessThan(value)
      }),
    )
  })
})
