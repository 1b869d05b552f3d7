import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { amount, CREDIT_SCALE, parseAmount, type Amount } from '@/lib/money/amount'
import { cents, creditsForCents, parseCreditRate } from '@/lib/money/cents'
import { aBook, aGrant, hour, units } from '@/lib/testing/ledger'

import {
  capNotices,
  isRechargeDue,
  isWithinCap,
  rechargeCents,
  rechargeLevel,
  smallestRecharge,
  type CreditPrice,
} from './recharge'

const terms = (trigger: 'at_or_below' | 'below') => ({ assetCode: 'credit', threshold: units(20), trigger })

describe('the trigger of a recharge', () => {
  it.each([
    ['at_or_below', 19, true],
    ['at_or_below', 20, true],
    ['at_or_below', 21, false],
    ['below', 19, true],
    ['below', 20, false],
    ['below', -5, true],
  ] as const)('%s 20 fires at %i: %s', (trigger, available, isDue) => {
    expect(isRechargeDue(terms(trigger), units(available))).toBe(isDue)
  })

  it('never fires while auto-recharge is off, waits or is suspended', () => {
    fc.assert(fc.property(fc.bigInt({ min: -100n, max: 100n }), (level) => !isRechargeDue(null, units(level))))
  })

  it('compares what is neither held, upcoming, frozen nor expired, less debt', () => {
    const grants = [
      aGrant('free', 30, { held: units(12) }),
      aGrant('upcoming', 100, { effectiveAt: hour(2) }),
      aGrant('frozen', 100, { frozen: true }),
      aGrant('expired', 100, { expiresAt: hour(1) }),
    ]
    expect(rechargeLevel(aBook(grants), hour(1))).toBe(18n)
    expect(rechargeLevel(aBook([], { debt: units(7) }), hour(1))).toBe(-7n)
  })
})

/** At so many credits per dollar. */
function priced(creditsPerUsd: string): CreditPrice {
  const rate = parseCreditRate(creditsPerUsd)
  if (!rate.ok) throw new Error(creditsPerUsd)
  return { rate: rate.value, scale: CREDIT_SCALE }
}

function credits(text: string): Amount {
  const parsed = parseAmount(text, CREDIT_SCALE)
  if (!parsed.ok) throw new Error(text)
  return parsed.value
}

describe('the size of a recharge', () => {
  it.each([
    ['below', 'target', '20', '100', '19', '1', 8100n],
    ['below', 'target', '20', '100', '19.999999999', '1', 8001n],
    ['below', 'target', '20', '100', '0', '1', 10000n],
    ['at_or_below', 'amount', '5', '25', '5', '1', 2500n],
    ['below', 'amount', '500', '2000', '499', '100', 2000n],
    ['at_or_below', 'amount', '5', '10', '-5', '1', 2000n],
    ['below', 'amount', '5', '10', '-5', '1', 1000n],
  ] as const)(
    '%s, %s: threshold %s, size %s at %s is, at %s a dollar, %i cents',
    (trigger, mode, threshold, size, level, rate, expected) => {
      const terms = { assetCode: 'credit', threshold: credits(threshold), trigger }
      const at = level.startsWith('-') ? amount(-credits(level.slice(1))) : credits(level)
      expect(rechargeCents(terms, { mode, size: credits(size) }, at, priced(rate))).toBe(expected)
    },
  )

  it('lands above the threshold in one go, never with a whole step to spare, and a target within a cent', () => {
    const any = fc.bigInt({ min: 1n, max: 10n ** 14n })
    fc.assert(
      fc.property(
        fc.constantFrom('below', 'at_or_below'),
        fc.constantFrom('amount', 'target'),
        any,
        any,
        fc.bigInt({ min: 0n, max: 10n ** 14n }),
        fc.constantFrom('1', '100', '3', '0.37'),
        (trigger, mode, threshold, size, below, rate) => {
          const terms = { assetCode: 'credit', threshold: amount(threshold), trigger } as const
          const level = amount(threshold - below - (trigger === 'below' ? 1n : 0n))
          const asked = { mode, size: amount(mode === 'target' ? threshold + size : size) } as const
          const price = priced(rate)
          const charge = rechargeCents(terms, asked, level, price)
          const landed = level + creditsForCents(charge, price.rate, CREDIT_SCALE)
          expect(isRechargeDue(terms, amount(landed))).toBe(false)
          const cent = creditsForCents(cents(1n), price.rate, CREDIT_SCALE) + 1n
          const most = mode === 'target' ? asked.size + cent : threshold + size + cent
          expect(landed <= most).toBe(true)
          expect(charge >= smallestRecharge(terms.threshold, asked, price)).toBe(true)
        },
      ),
    )
  })
})

describe("the month's cap", () => {
  it('lets what is equal to it pass, blocks what is above, and without one blocks nothing', () => {
    expect(isWithinCap(cents(100n), cents(20n), cents(80n))).toBe(true)
    expect(isWithinCap(cents(100n), cents(20n), cents(81n))).toBe(false)
    expect(isWithinCap(null, cents(10n ** 9n), cents(10n ** 9n))).toBe(true)
  })

  it('tells each share once in a month, in order, however the charges fall', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 1n, max: 10n ** 6n }),
        fc.array(fc.bigInt({ min: 1n, max: 10n ** 5n })),
        (cap, charges) => {
          let charged = 0n
          const told: number[] = []
          for (const charge of charges) {
            if (!isWithinCap(cents(cap), cents(charged), cents(charge))) continue
            told.push(...capNotices(cents(cap), cents(charged), cents(charge)))
            charged += charge
          }
          const reached = [80n, 90n, 100n].filter((share) => charged * 100n >= cap * share)
          expect(told).toEqual(reached.map((share) => parseInt(share.toString(), 10)))
        },
      ),
    )
  })
})
