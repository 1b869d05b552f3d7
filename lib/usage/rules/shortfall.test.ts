import { describe, expect, it } from 'vitest'

import { LARGEST_AMOUNT } from '@/lib/money/amount'
import { BUILT_IN_POLICY, type Policy } from '@/lib/organizations/rules/effective-policy'
import { units } from '@/lib/testing/ledger'

import { isOwedByCard, mayOwe, shortfallOf } from './shortfall'

const at = new Date('2026-06-15T12:00:00Z')
const usage = { isPool: true, scale: 9, unpinned: units(0), occurredAt: at }
const policy = (fields: Partial<Policy>): Policy => ({ ...BUILT_IN_POLICY, ...fields })

describe('what no grant covers', () => {
  it.each(['deny', 'pause_runs', 'charge_card'] as const)('is refused under %s', (at_zero) => {
    expect(shortfallOf(policy({ at_zero }), usage)).toBe('refuse')
    expect(mayOwe(policy({ at_zero }), at)).toBe(false)
  })

  it('may be owed within an overdraft, less what open holds were allowed, and never by a Lite member', () => {
    const overdraft = policy({ at_zero: 'overdraft', overdraft_limit: '2.5' })
    expect(shortfallOf(overdraft, usage)).toEqual({ overdraftLimit: units(2_500_000_000) })
    expect(shortfallOf(overdraft, { ...usage, unpinned: units(1_000_000_000) })).toEqual({
      overdraftLimit: units(1_500_000_000),
    })
    expect(shortfallOf(overdraft, { ...usage, unpinned: units(3_000_000_000) })).toEqual({ overdraftLimit: units(0) })
    expect(shortfallOf(overdraft, { ...usage, scale: 0 })).toEqual({ overdraftLimit: units(2) })
    expect(shortfallOf(overdraft, { ...usage, isPool: false })).toBe('refuse')
    expect(mayOwe(overdraft, at)).toBe(true)
  })

  it('accrues until the cutover of a postpaid account, by when it occurred', () => {
    const postpaid = policy({ billing_mode: { postpaid_until: '2026-07-01T00:00:00Z' } })
    expect(shortfallOf(postpaid, usage)).toEqual({ overdraftLimit: LARGEST_AMOUNT })
    expect(shortfallOf(postpaid, { ...usage, occurredAt: new Date('2026-07-01T00:00:00Z') })).toBe('refuse')
    expect(mayOwe(postpaid, at)).toBe(true)
    expect(mayOwe(postpaid, new Date('2026-07-01T00:00:00Z'))).toBe(false)
  })

  it('is asked of the card by itself where the card pays, and when it is late usage from before a cutover', () => {
    const postpaid = policy({ billing_mode: { postpaid_until: '2026-07-01T00:00:00Z' } })
    expect(isOwedByCard(policy({ at_zero: 'charge_card' }), at)).toBe(true)
    expect(isOwedByCard(postpaid, at)).toBe(false)
    expect(isOwedByCard(postpaid, new Date('2026-07-01T00:00:00Z'))).toBe(true)
    expect(isOwedByCard(policy({}), at)).toBe(false)
  })
})
