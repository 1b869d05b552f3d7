import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { amount, ZERO_AMOUNT } from '@/lib/money/amount'
import { cents } from '@/lib/money/cents'
import { parseDecimal } from '@/lib/money/decimal'
import { wholeQuantity } from '@/lib/money/quantity'

import { invoiceLines, nextPeriodEnd, splitDebt, type InvoiceLine } from './invoice'

const invoice = (owed: bigint) => ({ amount: amount(owed), amountCents: cents(owed) })

describe('the parts of a debt', () => {
  it.each([
    { debt: 10n, fresh: 0n, unpaid: [], invoiced: 0n, late: 10n, rest: 0n },
    { debt: 10n, fresh: 4n, unpaid: [6n], invoiced: 6n, late: 0n, rest: 4n },
    { debt: 10n, fresh: 4n, unpaid: [2n, 3n], invoiced: 5n, late: 1n, rest: 4n },
    { debt: 3n, fresh: 4n, unpaid: [6n], invoiced: 0n, late: 0n, rest: 3n },
    { debt: 7n, fresh: 4n, unpaid: [6n], invoiced: 3n, late: 0n, rest: 4n },
  ])('of $debt, of which $fresh is new, with invoices of $unpaid', ({ debt, fresh, unpaid, invoiced, late, rest }) => {
    expect(splitDebt(amount(debt), amount(fresh), unpaid.map(invoice))).toEqual({ invoiced, late, fresh: rest })
  })

  it('are the whole debt, none negative, and never more on invoices than those ask for', () => {
    const any = fc.bigInt({ min: 0n, max: 10n ** 12n })
    fc.assert(
      fc.property(any, any, fc.array(any, { maxLength: 5 }), (debt, fresh, unpaid) => {
        const parts = splitDebt(amount(debt), amount(fresh), unpaid.map(invoice))
        expect(parts.invoiced + parts.late + parts.fresh).toBe(debt)
        expect([parts.invoiced, parts.late, parts.fresh].every((part) => part >= 0n)).toBe(true)
        expect(parts.invoiced <= unpaid.reduce((sum, each) => sum + each, 0n)).toBe(true)
      }),
    )
  })
})

describe('the lines of invoices', () => {
  it('add up to the amount of each, and all together to the usage, however late it was reported', () => {
    const report = fc.record({
      month: fc.constantFrom('2026-10', '2026-11', '2026-12'),
      meter: fc.constantFrom('a', 'b'),
      amount: fc.bigInt({ min: 0n, max: 10n ** 12n }),
    })
    const closing = fc.record({
      reports: fc.array(report, { maxLength: 6 }),
      owed: fc.bigInt({ min: 0n, max: 10n ** 12n }),
    })
    fc.assert(
      fc.property(fc.array(closing, { minLength: 1, maxLength: 5 }), (closings) => {
        const totals = new Map<string, { month: string; meter: string; quantity: bigint; amount: bigint }>()
        const written: InvoiceLine[] = []
        for (const { reports, owed } of closings) {
          for (const each of reports) {
            const key = `${each.month} ${each.meter}`
            const known = totals.get(key) ?? { month: each.month, meter: each.meter, quantity: 0n, amount: 0n }
            totals.set(key, { ...known, quantity: known.quantity + 1n, amount: known.amount + each.amount })
          }
          const usage = [...totals.values()].map((total) => ({
            ...total,
            quantity: wholeQuantity(total.quantity),
            amount: amount(total.amount),
          }))
          const lines = invoiceLines(usage, written, '2026-12', amount(owed), 9)
          expect(lines.reduce((sum, line) => sum + read(line.amount), 0n)).toBe(owed)
          written.push(...lines)
        }
        for (const total of totals.values()) {
          const mine = written.filter(
            (line) => line.type === 'usage' && line.month === total.month && line.meter === total.meter,
          )
          expect(mine.reduce((sum, line) => sum + read(line.amount), 0n)).toBe(total.amount)
        }
      }),
    )
  })

  it('of an earlier month are corrections', () => {
    const usage = ['2026-10', '2026-11'].map((month) => ({
      month,
      meter: 'a',
      quantity: wholeQuantity(1n),
      amount: amount(5n),
    }))
    const corrections = invoiceLines(usage, [], '2026-11', amount(10n), 0).map(
      (line) => line.type === 'usage' && line.is_correction,
    )
    expect(corrections).toEqual([true, false])
    expect(invoiceLines([], [], '2026-11', ZERO_AMOUNT, 0)).toEqual([])
  })
})

describe('the end of a period', () => {
  it.each([
    ['2026-11-10T00:00:00Z', 'UTC', '2027-06-01T00:00:00Z', '2026-12-01T00:00:00Z'],
    ['2026-12-01T00:00:00Z', 'UTC', '2027-06-01T00:00:00Z', '2027-01-01T00:00:00Z'],
    ['2026-10-10T00:00:00Z', 'America/New_York', '2027-06-01T00:00:00Z', '2026-11-01T04:00:00Z'],
    ['2026-11-10T00:00:00Z', 'America/New_York', '2027-06-01T00:00:00Z', '2026-12-01T05:00:00Z'],
    ['2026-11-10T00:00:00Z', 'UTC', '2026-11-20T10:00:00Z', '2026-11-20T10:00:00Z'],
  ])('that begins at %s in %s, with the cutover at %s, is %s', (from, zone, cutover, end) => {
    expect(nextPeriodEnd(new Date(from), zone, new Date(cutover))).toEqual(new Date(end))
  })
})

function read(text: string): bigint {
  const parsed = parseDecimal(text, 9)
  if (!parsed.ok) throw new Error(text)
  return parsed.value
}
