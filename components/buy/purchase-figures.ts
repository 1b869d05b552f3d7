import type { Decimal, Dollars } from '@/lib/analytics/contract'
import type { BuyPageDto } from '@/lib/analytics/purchase-contract'
import { creditsForCents, parseCreditRate, parseDollars } from '@/lib/money/cents'
import { formatDecimal, parseDecimal } from '@/lib/money/decimal'

/** What a purchase of some dollars would bring. */
export type PurchaseFigures = {
  readonly usd: Dollars
  readonly credits: Decimal
  readonly newBalance: Decimal
  /** Part of the credits that repays debt; "0" when none. */
  readonly settlesDebt: Decimal
  /** Whole days at the current rate; null when it cannot be told. */
  readonly lastsDays: number | null
}

type Basis = Pick<BuyPageDto, 'balance' | 'creditsPerUsd' | 'minimumUsd' | 'maximumUsd' | 'averagePerDay'>

/**
 * Works out the summary of a purchase, exactly, as the ledger will. Null while the amount is not one that can be bought:
 * the server says why when the form is submitted.
 */
export function purchaseFigures(typed: string, basis: Basis): PurchaseFigures | null {
  const { scale } = basis.balance.asset
  const paid = parseDollars(typed)
  const least = parseDollars(basis.minimumUsd)
  const most = parseDollars(basis.maximumUsd)
  const rate = parseCreditRate(basis.creditsPerUsd)
  if (!paid.ok || !least.ok || !most.ok || !rate.ok) return null
  if (paid.value < least.value || paid.value > most.value) return null
  const credits = creditsForCents(paid.value, rate.value, scale)
  const debt = units(basis.balance.debt, scale)
  const perDay = basis.averagePerDay === null ? 0n : units(basis.averagePerDay, scale)
  const spendable = units(basis.balance.available, scale) + (credits > debt ? credits - debt : 0n)
  return {
    usd: typed,
    credits: formatDecimal(credits, scale),
    newBalance: formatDecimal(units(basis.balance.balance, scale) + credits, scale),
    settlesDebt: formatDecimal(credits < debt ? credits : debt, scale),
    lastsDays: perDay > 0n ? Number(spendable / perDay) : null,
  }
}

function units(amount: Decimal, scale: number): bigint {
  const parsed = parseDecimal(amount, scale)
  if (!parsed.ok) throw new RangeError(`not an amount at scale ${scale}: ${amount}`)
  return parsed.value
}
