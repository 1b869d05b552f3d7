import 'server-only'

import { findContract } from '@/lib/db/contracts'
import type { Tx } from '@/lib/db/pool'
import type { Policy } from '@/lib/organizations/rules/effective-policy'

import { contractSpan } from '../rules/contract-year'
import type { PurchasePlan } from '../rules/plan-purchase'

/** When credit that is charged without a person expires, as what people buy does. */
export type ChargedExpiry = Pick<PurchasePlan, 'expiresAfterDays' | 'expiresAt'>

/** Reads it for an account at an instant. Null: with a contract, and none runs. */
export async function readPurchaseExpiry(
  tx: Tx,
  account: { readonly accountId: string; readonly timeZone: string; readonly policy: Policy },
  now: Date,
): Promise<ChargedExpiry | null> {
  const expiry = account.policy.purchase_expiry
  if (expiry === 'never') return NEVER
  if (expiry !== 'contract_end') return { expiresAfterDays: expiry.days, expiresAt: null }
  const contract = await findContract(account.accountId, tx)
  const end = contract === null ? null : contractSpan(contract, account.timeZone).end
  return end === null || end <= now ? null : { expiresAfterDays: null, expiresAt: end }
}

/** What is charged while no contract runs is not taken away unused. */
export const NEVER: ChargedExpiry = { expiresAfterDays: null, expiresAt: null }
