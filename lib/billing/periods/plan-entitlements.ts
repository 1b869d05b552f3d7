import 'server-only'

import type { Actor } from '@/lib/auth/rules/actor'
import { findPlanDue, listPlanDue, lockAccountPlan, setPlanDue, type AccountPlan } from '@/lib/db/account-plans'
import { announceBalance } from '@/lib/db/announce'
import { readCatalogue, type Catalogue } from '@/lib/db/catalogue'
import { findPlan, type Plan } from '@/lib/db/plans'
import { inTransaction, type Tx } from '@/lib/db/pool'
import { parseAmount, type Amount } from '@/lib/money/amount'
import { cents } from '@/lib/money/cents'
import { periodOf } from '@/lib/usage/rules/period'

import { awardPeriods } from './award-periods'
import type { DueSource } from '@/lib/schedule/due-contract'
import { firstLookAt, LOOK_AHEAD_MS, missingOfAsset, type PeriodTerms } from '../rules/period-awards'

/** Grants what plans give each period. */
export const planEntitlements: DueSource = {
  name: 'plan entitlements',
  nextDue: async (accountId) => {
    const { dueAt, clockAt } = await findPlanDue(accountId)
    return dueAt === null ? null : firstLookAt(dueAt, clockAt)
  },
  work: async (actor, accountId, at) => {
    await inTransaction(async (tx) => {
      const account = await lockAccountPlan(tx, accountId)
      const plan = account.planKey === null ? null : await findPlan(tx, account.mode, account.planKey)
      await grantEntitlements(tx, actor, account, plan, at)
    })
    announceBalance(accountId)
  },
  dueAccounts: (until, limit) => listPlanDue(new Date(until.getTime() + LOOK_AHEAD_MS), limit),
}

/** Grants what an account's plan gives and was not granted yet, and notes when to look again. The account is locked. */
export async function grantEntitlements(
  tx: Tx,
  actor: Actor,
  account: AccountPlan,
  plan: Plan | null,
  at: Date,
): Promise<void> {
  const terms = entitlementTerms(plan, account, await readCatalogue(account.mode, tx))
  const nextAt = await awardPeriods(tx, {
    account,
    owner: PLAN_OWNER,
    memberId: null,
    terms,
    purpose: `Included in ${plan?.name ?? 'the plan'}`,
    costBasisCents: cents(0n),
    actor,
    at,
  })
  await setPlanDue(tx, account.id, nextAt)
}

/** Periods of a plan are of the account, whichever plan it is. */
export const PLAN_OWNER = { source: 'plan', subject: '' } as const

/** What a plan gives each period; no plan gives nothing. */
export function entitlementTerms(
  plan: Plan | null,
  { timeZone, anchorDay }: Pick<AccountPlan, 'timeZone' | 'anchorDay'>,
  catalogue: Catalogue,
): PeriodTerms {
  return {
    spanAt: (at) => periodOf(at, timeZone, anchorDay, 'month'),
    nextStart: () => null,
    entitled: entitlementsOf(plan, catalogue),
    missing: missingOfAsset,
  }
}

/** The amounts that a plan gives each period, by asset. */
export function entitlementsOf(plan: Plan | null, { assets }: Catalogue): ReadonlyMap<string, Amount> {
  return new Map(
    (plan?.entitlements ?? []).map(({ asset, amount }) => {
      const parsed = parseAmount(amount, assets.get(asset)?.scale ?? -1)
      if (!parsed.ok) throw new Error(`plan ${plan?.key} gives an amount of ${asset} that cannot be read: ${amount}`)
      return [asset, parsed.value]
    }),
  )
}
