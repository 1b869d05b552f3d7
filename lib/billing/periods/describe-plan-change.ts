import 'server-only'

import type { AccountPlan } from '@/lib/db/account-plans'
import { countProMembers } from '@/lib/db/account-members'
import { readCatalogue, type Catalogue } from '@/lib/db/catalogue'
import { showId } from '@/lib/db/ids'
import { readPeriodGrants } from '@/lib/db/period-grants'
import type { Plan } from '@/lib/db/plans'
import type { Tx } from '@/lib/db/pool'
import { amount, formatAmount, ZERO_AMOUNT, type Amount } from '@/lib/money/amount'
import { formatQuantity, quantity, ZERO_QUANTITY, type Quantity } from '@/lib/money/quantity'
import { periodOf, type PeriodSpan } from '@/lib/usage/rules/period'

import type { PlanChangeAnswer } from '../plan-contract'
import { readCarried } from './carry-allowances'
import { entitlementsOf, entitlementTerms, PLAN_OWNER } from './plan-entitlements'
import { decideAwards } from '../rules/period-awards'
import { comparePrices, type PricedPlan } from '../rules/plan-change'

/** A change of plan that is about to be made, or only asked about. */
export type PlanChange = {
  readonly organizationId: string
  readonly isDryRun: boolean
  /** The account as it stands. */
  readonly account: AccountPlan
  readonly before: Plan | null
  readonly after: Plan | null
  /** The day on which periods begin after the change. */
  readonly anchorDay: number
  readonly at: Date
}

/** What a change of plan does to price, allowances and entitlements, by the same rules that then do it. Writes nothing. */
export async function describePlanChange(tx: Tx, change: PlanChange): Promise<PlanChangeAnswer> {
  const { account, before, after, anchorDay, at } = change
  const spanOf = (day: number): PeriodSpan => periodOf(at, account.timeZone, day, 'month')
  const period = after === null ? null : spanOf(anchorDay)
  const { allowances, entitlements } = await describeContents(tx, change)
  return {
    organization: showId('org', change.organizationId),
    dry_run: change.isDryRun,
    plan: { before: before?.key ?? null, after: after?.key ?? null },
    anchor_day: { before: before === null ? null : account.anchorDay, after: after === null ? null : anchorDay },
    period: period === null ? null : { from: period.start.toISOString(), to: period.end.toISOString() },
    next_period_at: period?.end.toISOString() ?? null,
    price: describePrice(pricedPlan(before, spanOf(account.anchorDay)), pricedPlan(after, spanOf(anchorDay)), at),
    seats: { before: before?.seats ?? null, after: after?.seats ?? null, used: await countProMembers(tx, account.id) },
    allowances,
    entitlements,
  }
}

function pricedPlan(plan: Plan | null, period: PeriodSpan): PricedPlan | null {
  return plan === null ? null : { name: plan.name, monthlyPriceCents: plan.monthlyPriceCents, period }
}

function describePrice(before: PricedPlan | null, after: PricedPlan | null, at: Date): PlanChangeAnswer['price'] {
  const { daysLeft, sentence, ...change } = comparePrices(before, after, at)
  const whole = (value: bigint) => parseInt(value.toString(), 10)
  return {
    before_cents: whole(change.beforeCents),
    after_cents: whole(change.afterCents),
    days_left: daysLeft,
    unused_cents: whole(change.unusedCents),
    remaining_cents: whole(change.remainingCents),
    difference_cents: whole(change.differenceCents),
    sentence,
  }
}

async function describeContents(
  tx: Tx,
  change: PlanChange,
): Promise<Pick<PlanChangeAnswer, 'allowances' | 'entitlements'>> {
  const { before, after } = change
  const meters = [...new Set([...allowancesOf(before).keys(), ...allowancesOf(after).keys()])]
  const { running } = await readCarried(tx, change)
  const used = new Map(running.map(({ meter, covered, reserved }) => [meter, quantity(covered + reserved)]))
  return {
    allowances: meters.map((meter) => {
      const included = allowancesOf(after).get(meter) ?? ZERO_QUANTITY
      const covered = used.get(meter) ?? ZERO_QUANTITY
      return {
        meter,
        before: formatQuantity(allowancesOf(before).get(meter) ?? ZERO_QUANTITY),
        after: formatQuantity(included),
        used: formatQuantity(covered),
        left: formatQuantity(included > covered ? quantity(included - covered) : ZERO_QUANTITY),
      }
    }),
    entitlements: await describeEntitlements(tx, change),
  }
}

async function describeEntitlements(
  tx: Tx,
  { account, before, after, anchorDay, at }: PlanChange,
): Promise<PlanChangeAnswer['entitlements']> {
  const catalogue = await readCatalogue(account.mode, tx)
  const granted = await readPeriodGrants(tx, account.id, PLAN_OWNER, at)
  const terms = entitlementTerms(after, { timeZone: account.timeZone, anchorDay }, catalogue)
  const { awards } = decideAwards(terms, granted, at, at)
  const gave = entitlementsOf(before, catalogue)
  const running = granted.filter(({ start }) => start <= at)
  return [...new Set([...gave.keys(), ...terms.entitled.keys()])].map((asset) => {
    const show = (value: Amount | undefined) => formatAmount(value ?? ZERO_AMOUNT, scaleOf(catalogue, asset))
    return {
      asset,
      before: show(gave.get(asset)),
      after: show(terms.entitled.get(asset)),
      granted: show(sumOf(running.filter(({ assetCode }) => assetCode === asset).map((grant) => grant.granted))),
      now: show(sumOf(awards.filter(({ assetCode }) => assetCode === asset).map((award) => award.amount))),
      next_period: show(terms.entitled.get(asset)),
    }
  })
}

function allowancesOf(plan: Plan | null): ReadonlyMap<string, Quantity> {
  return new Map((plan?.allowances ?? []).map((allowance) => [allowance.meter, allowance.quantity]))
}

function scaleOf({ assets }: Catalogue, code: string): number {
  const asset = assets.get(code)
  if (asset === undefined) throw new Error(`asset ${code} is not in the catalogue`)
  return asset.scale
}

function sumOf(amounts: readonly Amount[]): Amount {
  return amount(amounts.reduce((sum, next) => sum + next, 0n))
}
