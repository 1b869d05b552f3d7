import { describe, expect, it } from 'vitest'

import { BUILT_IN_POLICY, effectivePolicy } from './effective-policy'

describe('effectivePolicy', () => {
  it('is the built-in policy, and says so, while nobody has set anything', () => {
    const policy = effectivePolicy({}, {})
    for (const [key, value] of Object.entries(BUILT_IN_POLICY)) {
      expect(policy).toHaveProperty(key, { value, source: 'default' })
    }
  })

  it('takes each value from the account, else from the operator, else from Purser, and names the source', () => {
    const policy = effectivePolicy(
      { at_zero: 'pause_runs', credits_per_usd: '100' },
      { at_zero: 'overdraft', overdraft_limit: '50' },
    )
    expect(policy.at_zero).toEqual({ value: 'overdraft', source: 'account' })
    expect(policy.overdraft_limit).toEqual({ value: '50', source: 'account' })
    expect(policy.credits_per_usd).toEqual({ value: '100', source: 'operator' })
    expect(policy.purchase_expiry).toEqual({ value: 'never', source: 'default' })
  })

  it('lets an account have no packs, a limit of nothing and no decimals: empty and zero are values', () => {
    const policy = effectivePolicy({ packs: [500], display_decimals: 4 }, { packs: [], display_decimals: 0 })
    expect(policy.packs).toEqual({ value: [], source: 'account' })
    expect(policy.display_decimals).toEqual({ value: 0, source: 'account' })
  })
})
