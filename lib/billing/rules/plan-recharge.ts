import { invalidField, type PurserError } from '@/lib/errors'
import { parseAmount, type Amount } from '@/lib/money/amount'
import { cents, formatDollars, LARGEST_CHARGE_CENTS, parseDollars, type Cents } from '@/lib/money/cents'
import type { Policy } from '@/lib/organizations/rules/effective-policy'
import { err, ok, type Result } from '@/lib/result'

import { smallestRecharge, type CreditPrice, type RechargeSize } from './recharge'

/** Auto-recharge as it is asked for: decimals of the asset, and dollars. */
export type AskedRecharge = {
  readonly threshold: string
  readonly size: string
  readonly monthlyCap?: string | undefined
}

/** Auto-recharge that may be set. */
export type PlannedRecharge = {
  readonly threshold: Amount
  readonly size: RechargeSize
  readonly monthlyCapCents: Cents | null
}

/**
 * Reads what auto-recharge is to be. It must be able to work: a target above the threshold, no charge below the smallest purchase, a cap
 * that lets one charge pass. Errors: `invalid_input` naming the field.
 */
export function planRecharge(
  asked: AskedRecharge,
  policy: Policy,
  price: CreditPrice,
): Result<PlannedRecharge, PurserError> {
  const threshold = parseAmount(asked.threshold, price.scale)
  if (!threshold.ok) return err(invalidField('threshold', `Use a number of at most ${price.scale} decimals.`))
  const parsed = parseAmount(asked.size, price.scale)
  if (!parsed.ok) return err(invalidField('size', `Use a number of at most ${price.scale} decimals.`))
  const size: RechargeSize = { mode: policy.recharge_size, size: parsed.value }
  if (size.mode === 'target' && size.size <= threshold.value) {
    return err(invalidField('size', 'Use a balance above the threshold.'))
  }
  const minimum = cents(BigInt(policy.minimum_purchase_cents))
  const smallest = smallestRecharge(threshold.value, size, price)
  if (smallest < minimum) return err(invalidField('size', `The smallest charge is $${formatDollars(minimum)}.`))
  if (smallest > LARGEST_CHARGE_CENTS) return err(invalidField('size', 'Use a smaller number.'))

  const cap = readCap(asked.monthlyCap)
  if (cap !== null && cap < smallest) {
    return err(invalidField('monthlyCap', `One charge is at least $${formatDollars(smallest)}. Use no less.`))
  }
  return ok({ threshold: threshold.value, size, monthlyCapCents: cap })
}

function readCap(dollars: string | undefined): Cents | null {
  if (dollars === undefined) return null
  const parsed = parseDollars(dollars)
  if (!parsed.ok) throw new Error('a cap is validated before it is planned')
  return parsed.value
}
