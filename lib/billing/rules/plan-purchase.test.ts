import { describe, expect, it } from 'vitest'

import { CREDIT_SCALE } from '@/lib/money/amount'
import { cents } from '@/lib/money/cents'
import { effectivePolicy, type PolicyOverride } from '@/lib/organizations/rules/effective-policy'

import { planPurchase, purchaseExpiry, purchaseTerms } from './plan-purchase'

const NOW = new Date('2026-11-19T12:00:00Z')
const CONTRACT = { startsOn: '2026-01-01', endsOn: '2027-12-31' }

function plan(policy: PolicyOverride, contract: typeof CONTRACT | null = null, now = NOW) {
  return planPurchase(
    cents(2_500n),
    purchaseTerms(effectivePolicy({}, policy), contract, 'Europe/Berlin', now),
    CREDIT_SCALE,
  )
}

describe('what a purchase buys', () => {
  it('never expires, or after whole days of 24 hours', () => {
    const never = plan({}, CONTRACT)
    expect(never).toMatchObject({ ok: true, value: { credits: 25_000_000_000n } })
    expect(never.ok && purchaseExpiry(NOW, never.value)).toBeNull()
    const year = plan({ purchase_expiry: { days: 365 } }, CONTRACT)
    expect(year.ok && purchaseExpiry(NOW, year.value)?.toISOString()).toBe('2027-11-19T12:00:00.000Z')
  })

  it('expires at the end of the contract, in the account’s own time zone', () => {
    const bought = plan({ purchase_expiry: 'contract_end' }, CONTRACT)
    expect(bought.ok && purchaseExpiry(NOW, bought.value)?.toISOString()).toBe('2027-12-31T23:00:00.000Z')
  })

  it('is refused where it would expire with a contract and there is none, or it is over', () => {
    const refused = {
      code: 'invalid_state',
      message: 'Credits expire with your contract, and there is none that runs. Ask your account executive.',
    }
    expect(plan({ purchase_expiry: 'contract_end' })).toEqual({ ok: false, error: refused })
    const over = new Date('2027-12-31T23:00:00Z')
    expect(plan({ purchase_expiry: 'contract_end' }, CONTRACT, over)).toEqual({ ok: false, error: refused })
  })

  it('stays for ever when its money settles only after the contract ended', () => {
    const bought = plan({ purchase_expiry: 'contract_end' }, CONTRACT)
    expect(bought.ok && purchaseExpiry(new Date('2028-01-02T00:00:00Z'), bought.value)).toBeNull()
  })
})
