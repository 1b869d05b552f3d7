import 'server-only'

import { creditSource } from '@/lib/billing/book-due-credit'
import { contractPackages } from '@/lib/billing/periods/contract-packages'
import { chargeSource } from '@/lib/billing/charges/due-charges'
import { liteAllocations } from '@/lib/billing/periods/lite-allocations'
import { planEntitlements } from '@/lib/billing/periods/plan-entitlements'
import { holdSource } from '@/lib/usage/authorizations/expire-holds'
import { runSource } from '@/lib/usage/runs/runs-due'

import type { DueSource } from './due-contract'

/**
 * Everything that falls due. The order decides at one and the same instant: holds and grants expire first, so that nothing is paid from
 * them; then the credit of a new period arrives, of plans, of Lite members, of contracts; then runs are billed; what the card is charged
 * for sees the rest.
 */
export const dueSources: readonly DueSource[] = [
  holdSource,
  creditSource,
  planEntitlements,
  liteAllocations,
  contractPackages,
  runSource,
  chargeSource,
]
