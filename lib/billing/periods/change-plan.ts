import 'server-only'

import type { Actor } from '@/lib/auth/rules/actor'
import { can } from '@/lib/auth/rules/permissions'
import { accountClock, type Clock } from '@/lib/clock'
import { findAccountNamed } from '@/lib/db/account-names'
import { lockAccountPlan, readAccountPlan, setAccountPlan } from '@/lib/db/account-plans'
import { announceBalance } from '@/lib/db/announce'
import { findPlan, sharePlan, type Plan } from '@/lib/db/plans'
import { inTransaction, type Tx } from '@/lib/db/pool'
import type { Account } from '@/lib/db/organizations'
import { invalidField, type PurserError } from '@/lib/errors'
import { err, ok, type Result } from '@/lib/result'

import { carry, lockAllowances } from './carry-allowances'
import { describePlanChange } from './describe-plan-change'
import type { AccountPlanInput, PlanChangeAnswer } from '../plan-contract'
import { grantEntitlements } from './plan-entitlements'

type KeyActor = Extract<Actor, { kind: 'key' }>

/** What to change, and whether to do it or only to say what it would do. */
export type ChangePlan = AccountPlanInput & { readonly organization: string; readonly isDryRun: boolean }

/**
 * Puts an organization on a plan, or takes it off (`plan: null`), and answers what that changes. What the new plan covers and gives more
 * counts at once, nothing is taken back of the period that runs. What was covered counts on when the periods begin on another day. The same call again changes nothing more. A dry run writes and locks
 * nothing. Locks the plan, the account, then its wallets. Errors: not_found, forbidden, invalid_input (`plan`, `anchor_day`).
 */
export async function changePlan(
  actor: KeyActor,
  input: ChangePlan,
  clock: Clock,
): Promise<Result<PlanChangeAnswer, PurserError>> {
  const account = await findAccountNamed(actor.mode, input.organization)
  if (account === null) return err({ code: 'not_found', what: 'organization' })
  if (!can(actor, 'plan:change', account)) return err({ code: 'forbidden' })
  if (input.plan === null && input.anchor_day !== undefined) {
    return err(invalidField('anchor_day', 'Leave this out: without a plan there are no periods.'))
  }
  const changed = await inTransaction((tx) => change(tx, actor, account, input, clock))
  if (changed.ok && !input.isDryRun) announceBalance(account.id)
  return changed
}

async function change(
  tx: Tx,
  actor: KeyActor,
  { id, mode, organizationId }: Account,
  { plan: key, anchor_day, isDryRun }: ChangePlan,
  clock: Clock,
): Promise<Result<PlanChangeAnswer, PurserError>> {
  const plan = key === null ? null : await (isDryRun ? findPlan : sharePlan)(tx, mode, key)
  if (key !== null && plan === null) return err(invalidField('plan', `There is no plan "${key}". Add it first.`))
  const account = isDryRun ? await readAccountPlan(id, tx) : await lockAccountPlan(tx, id)
  const at = accountClock(account, clock).now()
  const before = await planNow(tx, account)
  const after = { ...account, planKey: key, anchorDay: anchor_day ?? account.anchorDay }
  const isMoved = plan !== null && (before === null || after.anchorDay !== account.anchorDay)
  if (isMoved && !isDryRun) await lockAllowances(tx, account, [before, plan], at)
  const answer = await describePlanChange(tx, {
    organizationId,
    isDryRun,
    account,
    before,
    after: plan,
    anchorDay: after.anchorDay,
    at,
  })
  if (isDryRun) return ok(answer)
  if (isMoved) await carry(tx, { account, anchorDay: after.anchorDay, at })
  await setAccountPlan(tx, id, { planKey: key, anchorDay: key === null ? null : after.anchorDay }, at)
  await grantEntitlements(tx, actor, after, plan, at)
  return ok(answer)
}

async function planNow(
  tx: Tx,
  { mode, planKey }: { readonly mode: Account['mode']; readonly planKey: string | null },
): Promise<Plan | null> {
  return planKey === null ? null : findPlan(tx, mode, planKey)
}
