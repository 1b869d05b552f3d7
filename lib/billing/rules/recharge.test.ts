import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { aBook, aGrant, hour, units } from '@/lib/testing/ledger'

import { isRechargeDue, rechargeLevel } from './recharge'

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
