import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { amount, type Amount } from '@/lib/money/amount'
import { decideLimits, limitApplies, type Limit } from './limits'

function limit(rest: Partial<Limit> = {}): Limit {
  const whole = {
    id: 'a',
    scope: 'organization',
    subject: null,
    asset: 'credit',
    period: 'month',
    mode: 'block',
  } as const
  return { ...whole, amount: amount(10n), used: amount(0n), ...rest }
}

const spender = { asset: 'credit', member: 'ada', key: 'key-1', resource: 'gpu-7' }

describe('which limits count', () => {
  it.each(['organization', 'member', 'key', 'resource'] as const)('a limit of every %s counts for each', (scope) => {
    expect(limitApplies(limit({ scope }), spender)).toBe(true)
  })

  it.each([
    ['member', 'ada', 'grace'],
    ['key', 'key-1', 'key-2'],
    ['resource', 'gpu-7', 'gpu-8'],
  ] as const)('a limit of one %s counts for that one only', (scope, subject, other) => {
    expect(limitApplies(limit({ scope, subject }), spender)).toBe(true)
    expect(limitApplies(limit({ scope, subject: other }), spender)).toBe(false)
  })

  it('a limit of members does not count for usage with no member, nor of another asset', () => {
    expect(limitApplies(limit({ scope: 'member' }), { ...spender, member: null })).toBe(false)
    expect(limitApplies(limit({ asset: 'token' }), spender)).toBe(false)
  })
})

describe('a limit', () => {
  it.each([
    [9n, true],
    [10n, true],
    [11n, false],
  ])('of 10 with 0 used lets %i pass: %s', (requested, isAllowed) => {
    expect(decideLimits([limit()], amount(requested)).isAllowed).toBe(isAllowed)
  })

  it('lets everything pass when there is none', () => {
    expect(decideLimits([], amount(1n))).toEqual({ isAllowed: true, tightest: null, alerts: [] })
  })

  it('names the tightest, which has the least left and not the smallest amount', () => {
    const small = limit({ id: 'small', amount: amount(5n), period: 'day' })
    const nearlyUsed = limit({ id: 'used', amount: amount(100n), used: amount(97n), period: 'total' })
    const decision = decideLimits([small, nearlyUsed], amount(6n))
    expect([decision.isAllowed, decision.tightest?.id]).toEqual([false, 'used'])
    expect(decideLimits([small, nearlyUsed], amount(1n)).tightest?.id).toBe('used')
  })

  it('names the same one of two that are equally tight, in whatever order they are listed', () => {
    const [first, second] = [limit({ id: 'a' }), limit({ id: 'b' })]
    expect(decideLimits([first, second], amount(11n)).tightest).toBe(first)
    expect(decideLimits([second, first], amount(11n)).tightest).toBe(first)
  })

  it('denies what is over already, also after the limit was lowered below what is used', () => {
    expect(decideLimits([limit({ used: amount(11n) })], amount(1n)).isAllowed).toBe(false)
  })

  it('that only alerts never denies, and alerts once: when it is crossed', () => {
    const alert = limit({ mode: 'alert', used: amount(8n) })
    expect(decideLimits([alert], amount(2n)).alerts).toEqual([])
    expect(decideLimits([alert], amount(3n))).toEqual({ isAllowed: true, tightest: null, alerts: [alert] })
    expect(decideLimits([{ ...alert, used: amount(11n) }], amount(1n)).alerts).toEqual([])
  })

  it('does not alert about spending that another limit denies', () => {
    expect(decideLimits([limit(), limit({ id: 'b', mode: 'alert' })], amount(11n)).alerts).toEqual([])
  })

  it('denies exactly when used + requested > limit for any of them', () => {
    const some = fc.bigInt({ min: 0n, max: 100n })
    const limits = fc.array(
      fc.record({ used: some, amount: some, id: fc.uuid() }).map(({ used, amount: most, id }) => {
        return limit({ id, used: amount(used), amount: amount(most) })
      }),
    )
    fc.assert(
      fc.property(limits, some, (all, requested) => {
        const isOver = all.some((one) => one.used + requested > one.amount)
        expect(decideLimits(all, requested as Amount).isAllowed).toBe(!isOver)
      }),
    )
  })
})
