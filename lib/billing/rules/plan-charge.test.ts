import { describe, expect, it } from 'vitest'

import { amount, CREDIT_SCALE, parseAmount } from '@/lib/money/amount'
import { cents, parseCreditRate } from '@/lib/money/cents'

import { isDebtDue, planCharge, type ChargeSituation, type RechargeChance } from './plan-charge'

const rate = parseCreditRate('1')
if (!rate.ok) throw new Error('no rate')
const price = { rate: rate.value, scale: CREDIT_SCALE }

function credits(text: string) {
  const parsed = parseAmount(text, CREDIT_SCALE)
  if (!parsed.ok) throw new Error(text)
  return parsed.value
}

const NONE = credits('0')
const quiet: ChargeSituation = {
  price,
  isAccruing: false,
  unpaid: [],
  debt: { invoiced: NONE, late: NONE, fresh: NONE },
  isDebtDue: false,
  recharge: null,
}
const recharge: RechargeChance = {
  terms: { assetCode: 'credit', threshold: credits('20'), trigger: 'below' },
  size: { mode: 'target', size: credits('100') },
  level: credits('19'),
  capCents: null,
  chargedCents: cents(0n),
}
const invoices = (...owed: string[]) =>
  owed.map((each) => ({ amount: credits(each), amountCents: cents(credits(each) / 10n ** 7n) }))
const chosen = (fields: Partial<ChargeSituation>) => {
  const decision = planCharge({ ...quiet, ...fields })
  return decision.kind === 'charge' ? `${decision.plan.kind} ${decision.plan.amountCents}` : decision.kind
}

describe('what is charged next', () => {
  it('is nothing when nothing is due', () => {
    expect(chosen({})).toBe('nothing')
  })

  it('is every unpaid invoice together, before anything else', () => {
    const debt = { invoiced: credits('15'), late: NONE, fresh: credits('5') }
    expect(chosen({ unpaid: invoices('10', '5'), debt, isDebtDue: true, recharge })).toBe('invoice 1500')
  })

  it('is only what credit has not repaid of invoices', () => {
    const debt = { invoiced: credits('4.001'), late: NONE, fresh: NONE }
    expect(chosen({ unpaid: invoices('10', '5'), debt })).toBe('invoice 401')
  })

  it('is a recharge before debt, since it repays debt on its way', () => {
    const debt = { invoiced: NONE, late: NONE, fresh: credits('5') }
    const level = amount(-credits('5'))
    expect(chosen({ debt, isDebtDue: true, recharge: { ...recharge, level } })).toBe('recharge 10500')
    expect(chosen({ debt, isDebtDue: true })).toBe('settlement 500')
    expect(chosen({ debt })).toBe('nothing')
  })

  it("is debt alone, or nothing, when the month's cap is reached", () => {
    const capped = { ...recharge, capCents: cents(8099n) }
    expect(chosen({ recharge: capped })).toBe('blocked_by_cap')
    const debt = { invoiced: NONE, late: NONE, fresh: credits('5') }
    expect(chosen({ debt, isDebtDue: true, recharge: capped })).toBe('settlement 500')
  })

  it('is nothing but invoices while usage accrues', () => {
    const debt = { invoiced: NONE, late: credits('5'), fresh: credits('5') }
    expect(chosen({ isAccruing: true, debt, isDebtDue: true, recharge })).toBe('nothing')
  })

  it('is never less than Stripe charges', () => {
    const debt = { invoiced: NONE, late: NONE, fresh: credits('0.01') }
    expect(chosen({ debt, isDebtDue: true })).toBe('settlement 50')
  })
})

describe('debt', () => {
  const now = new Date('2026-11-23T12:00:00Z')
  const due = (debt: string, since: Date | null, occasion: 'run_ended' | 'other' = 'other') =>
    isDebtDue(credits(debt), since, { limitCents: 1_000, occasion, now, price })

  it.each([
    ['10', 0, 'other', false],
    ['10.01', 0, 'other', true],
    ['0.01', 59, 'other', false],
    ['0.01', 60, 'other', true],
    ['0.01', 0, 'run_ended', true],
    ['0', 600, 'run_ended', false],
  ] as const)('of %s that is %i minutes old is charged (%s): %s', (debt, minutes, occasion, isDue) => {
    expect(due(debt, new Date(now.getTime() - minutes * 60_000), occasion)).toBe(isDue)
  })
})
