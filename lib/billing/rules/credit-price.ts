import { parseCreditRate } from '@/lib/money/cents'
import type { Policy } from '@/lib/organizations/rules/effective-policy'

import type { CreditPrice } from './recharge'

/** What credits cost under a policy, at the asset's scale. */
export function creditPrice({ credits_per_usd: creditsPerUsd }: Policy, scale: number): CreditPrice {
  const rate = parseCreditRate(creditsPerUsd)
  if (!rate.ok) throw new Error(`the rate of a policy cannot be read: ${creditsPerUsd}`)
  return { rate: rate.value, scale }
}
