import 'server-only'

import type { Plan } from '@/lib/db/plans'
import { formatQuantity } from '@/lib/money/quantity'

import type { PlanAnswer } from '../plan-contract'

/** A plan as it is answered. */
export function toPlanAnswer({ key, name, monthlyPriceCents, allowances, entitlements, seats }: Plan): PlanAnswer {
  return {
    key,
    name,
    monthly_price_cents: parseInt(monthlyPriceCents.toString(), 10),
    allowances: allowances.map(({ meter, quantity }) => ({ meter, quantity: formatQuantity(quantity) })),
    entitlements: entitlements.map(({ asset, amount }) => ({ asset, amount })),
    seats,
  }
}
