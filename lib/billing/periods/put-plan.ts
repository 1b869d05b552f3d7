import 'server-only'

import type { Actor } from '@/lib/auth/rules/actor'
import { canOnInstallation } from '@/lib/auth/rules/permissions'
import type { Clock } from '@/lib/clock'
import { holdCatalogue } from '@/lib/db/catalogue'
import { listPlans as readPlans, putPlan as writePlan, touchAccountsOnPlan } from '@/lib/db/plans'
import { inTransaction } from '@/lib/db/pool'
import type { PurserError } from '@/lib/errors'
import { cents } from '@/lib/money/cents'
import { err, ok, type Result } from '@/lib/result'

import { toPlanAnswer } from './plan-answer'
import type { PlanAnswer, PlanInput } from '../plan-contract'
import { horizonOf } from '../rules/period-awards'
import { readPlanContents } from '../rules/read-plan'

type KeyActor = Extract<Actor, { kind: 'key' }>

/**
 * Adds a plan to the key's mode, or replaces it: for the accounts that are on it what it covers changes at once, and what it gives more is
 * granted when their entitlements are looked at next. Locks the catalogue, the plan, then its accounts. Errors: forbidden, invalid_input
 * (an unknown meter or asset, one named twice).
 */
export async function putPlan(
  actor: KeyActor,
  key: string,
  input: PlanInput,
  { now }: Clock,
): Promise<Result<PlanAnswer, PurserError>> {
  if (!canOnInstallation(actor, 'catalogue:manage')) return err({ code: 'forbidden' })
  const { mode } = actor
  return inTransaction(async (tx) => {
    const contents = readPlanContents(input, await holdCatalogue(tx, mode))
    if (!contents.ok) return err({ code: 'invalid_input', errors: contents.error })
    const { name, monthly_price_cents, seats } = input
    const plan = { key, name, monthlyPriceCents: cents(BigInt(monthly_price_cents)), ...contents.value, seats }
    await writePlan(tx, mode, plan)
    await touchAccountsOnPlan(tx, mode, key, horizonOf(now(), null))
    return ok(toPlanAnswer(plan))
  })
}

/** The plans of the key's mode, by key. */
export async function listPlans(actor: KeyActor): Promise<readonly PlanAnswer[]> {
  return (await readPlans(actor.mode)).map(toPlanAnswer)
}
