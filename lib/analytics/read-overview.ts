import 'server-only'

import { can } from '@/lib/auth/rules/permissions'
import { purchaseTerms } from '@/lib/billing/rules/plan-purchase'
import { accountClock, type Clock } from '@/lib/clock'
import { findLiteAllocation, type LiteAllocation } from '@/lib/db/account-members'
import { hasUsableApiKey } from '@/lib/db/api-keys'
import { findContract } from '@/lib/db/contracts'
import { hasAnyUsage } from '@/lib/db/daily-usage'
import { readOwnerNames } from '@/lib/db/names'
import { findAccount, readOperatorPolicy } from '@/lib/db/organizations'
import { hasAnyGrant, hasSavedCard } from '@/lib/db/setup-steps'
import type { PurserError } from '@/lib/errors'
import { effectivePolicy, type EffectivePolicy } from '@/lib/organizations/rules/effective-policy'
import { err, ok, type Result } from '@/lib/result'
import { periodOf } from '@/lib/usage/rules/period'

import type { AllocationDto, OverviewDto, PolicyDto, ProjectionDto, RunwayDto, ViewerRightsDto } from './contract'
import { readRunway, readSpendHistory } from './estimates'
import { readRecentActivity, readTopCosts, section, showLots, showSpendDays } from './overview-sections'
import { readRechargeCard } from './read-recharge-card'
import { readWallets, type Reader, type ReadWallet, type ReadWallets } from './reader'
import { bandOf } from './rules/band'
import { monthOf, sameDaysLastMonth } from './rules/calendar'
import { firstRequest } from './rules/first-request'
import { projectMonth, type Projection } from './rules/projection'
import type { Runway } from './rules/runway'
import { spentBetween, type SpendHistory } from './rules/spend'
import { showAmount, showAsset, showBalance, showOrganization, summaryOf } from './show'

/**
 * Everything the overview shows, at one instant. Reads wallet rows, open grants, days of at most two months and the newest six lines:
 * nothing that grows with the age of the account. `origin` is where the API is reached. Errors: forbidden.
 */
export async function readOverview(
  reader: Reader,
  origin: string,
  clock: Clock,
): Promise<Result<OverviewDto, PurserError>> {
  const { actor, organization } = reader
  if (!can(actor, 'balance:read', { organizationId: organization.id })) return err({ code: 'forbidden' })
  const now = accountClock(reader.account, clock).now()
  const [wallets, policy, rights, setup, lite] = await Promise.all([
    readWallets(reader),
    readPolicy(reader, now),
    readRights(reader),
    readSetup(reader),
    reader.memberId === null ? null : findLiteAllocation(reader.account.id, reader.memberId),
  ])
  const allocation = wallets.seesPool ? null : showAllocation(reader, wallets, lite, now)
  const history = await readSpendHistory(reader, wallets.main, now)
  const { runway, recent, shares } = await readRunway(reader, wallets.main, history, now)
  const projection = projectMonth(history)
  const [lots, recharge, recentActivity, topCosts] = await Promise.all([
    section('lots', () => showLots(wallets, recent, shares, now)),
    section('recharge', () => readRechargeCard(wallets, reader.account.id)),
    section('recentActivity', () => readRecentActivity(reader, wallets)),
    section('topCosts', () => readTopCosts(reader, wallets, history)),
  ])
  return ok({
    now: now.toISOString(),
    organization: showOrganization(reader),
    rights,
    ...showNumbers(wallets, history, projection, runway, now),
    band: bandOf(summaryOf(wallets.main, now), lastsUntil(runway, allocation) ? null : (runway?.days ?? null), null),
    policy,
    allocation,
    rejections: null,
    hasUsage: wallets.seesPool ? setup.hasEvent : history.firstDay !== null,
    setup: { ...setup, hasCredits: hasCredits(wallets, setup), curl: writeCurl(reader, origin, wallets) },
    dailySpend: { ok: true, value: showSpendDays(history, projection, wallets.main) },
    lots,
    recharge,
    recentActivity,
    topCosts,
  })
}

type Numbers = Pick<
  OverviewDto,
  'balance' | 'otherBalances' | 'spentThisMonth' | 'spentSameDaysLastMonth' | 'projection' | 'runway'
>

function showNumbers(
  { main, others }: ReadWallets,
  history: SpendHistory,
  projection: Projection | null,
  runway: Runway | null,
  now: Date,
): Numbers {
  const before = sameDaysLastMonth(history.today)
  const spentBefore = spentBetween(history, before.first, before.last)
  return {
    balance: showBalance(main, now),
    otherBalances: others.map((wallet) => showBalance(wallet, now)),
    spentThisMonth: showAmount(spentBetween(history, monthOf(history.today).first, history.today), main.asset),
    spentSameDaysLastMonth: spentBefore === 0n ? null : showAmount(spentBefore, main.asset),
    projection: projection === null ? null : showProjection(projection, main),
    runway: runway === null ? null : showRunway(runway, main),
  }
}

function showAllocation(
  { account }: Reader,
  { catalogue, main }: ReadWallets,
  lite: LiteAllocation | null,
  now: Date,
): AllocationDto {
  const asset = catalogue.assets.get(lite?.asset ?? main.asset.code) ?? main.asset
  return {
    asset: showAsset(asset),
    amount: lite === null ? null : showAmount(lite.amount, asset),
    renewsAt: periodOf(now, account.timeZone, FIRST_OF_MONTH, 'month').end.toISOString(),
  }
}

/** Whether credits last until a Lite member's next allocation: then that they run out with the month is no reason to worry. */
function lastsUntil(runway: Runway | null, allocation: AllocationDto | null): boolean {
  return runway !== null && allocation !== null && runway.runsOutAt >= new Date(allocation.renewsAt)
}

/** Lite months are calendar months in the account's time zone. */
const FIRST_OF_MONTH = 1

function showProjection({ low, expected, high, basisDays }: Projection, { asset }: ReadWallet): ProjectionDto {
  const show = (units: bigint) => showAmount(units, asset)
  return { low: show(low), expected: show(expected), high: show(high), basisDays }
}

function showRunway(runway: Runway, { asset }: ReadWallet): RunwayDto {
  const { days, lowDays, highDays, daysWithoutExpiry, averagePerDay } = runway
  const runsOutAt = runway.runsOutAt.toISOString()
  return { days, lowDays, highDays, runsOutAt, daysWithoutExpiry, averagePerDay: showAmount(averagePerDay, asset) }
}

async function readPolicy({ account }: Reader, now: Date): Promise<PolicyDto> {
  const [own, operator, contract] = await Promise.all([
    findAccount(account.id),
    readOperatorPolicy(),
    findContract(account.id),
  ])
  const policy: EffectivePolicy = effectivePolicy(operator, own?.policy ?? {})
  const { at_zero: atZero, overdraft_limit: overdraftLimit, purchase_expiry: expiry } = policy
  const { contractEndsAt } = purchaseTerms(policy, contract, account.timeZone, now)
  return {
    expiry:
      typeof expiry.value === 'object'
        ? { kind: 'days', days: expiry.value.days }
        : expiry.value === 'never'
          ? { kind: 'never' }
          : { kind: 'contract_end', at: contractEndsAt?.toISOString() ?? null },
    atZero: atZero.value,
    overdraftLimit: atZero.value === 'overdraft' ? overdraftLimit.value : null,
  }
}

async function readRights({ actor, organization }: Reader): Promise<ViewerRightsDto> {
  const target = { organizationId: organization.id }
  return {
    canBuy: can(actor, 'credits:buy', target),
    canManageKeys: can(actor, 'read_keys:manage', target),
    ownerNames: await readOwnerNames(organization.id),
  }
}

async function readSetup({ account }: Reader): Promise<Omit<OverviewDto['setup'], 'curl'>> {
  const [hasCredits, hasCard, hasKey, hasEvent] = await Promise.all([
    hasAnyGrant(account.id),
    hasSavedCard(account.id),
    hasUsableApiKey(account.mode),
    hasAnyUsage(account.id),
  ])
  return { hasCredits, hasCard, hasKey, hasEvent }
}

/** Whether there ever was credit where this reader looks: of the pool a Lite member learns nothing. */
function hasCredits({ seesPool, main }: ReadWallets, { hasCredits }: { readonly hasCredits: boolean }): boolean {
  return seesPool ? hasCredits : main.book !== null
}

function writeCurl({ account: { mode, externalId } }: Reader, origin: string, { catalogue }: ReadWallets): string {
  return firstRequest({ origin, mode, externalId, meter: [...catalogue.prices.keys()][0] ?? null })
}
