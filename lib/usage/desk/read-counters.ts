import 'server-only'

import { limitCountKey, readLimitCounts, type WantedLimitCount } from '@/lib/db/limit-counters'
import { readAllowanceCounts, readPeriodCounts, type MeterPeriod } from '@/lib/db/period-counters'
import type { LimitPlace } from '@/lib/db/holds'
import type { Tx } from '@/lib/db/pool'

import { limitApplies, type Limit, type LimitTerms, type Spender } from '../rules/limits'
import { localDay, periodOf, type PeriodSpan } from '../rules/period'
import {
  allowanceOf,
  countedBy,
  counterOf,
  limitCounterOf,
  periodKey,
  type AccountDesk,
  type LimitCounter,
} from './account-desk'
import { subjectOf, type Prepared } from './prepare'

const LIMIT_MONTHS_BEGIN_ON = 1

/** What was counted so far, as it was read. */
export type Counts = {
  readonly periods: Awaited<ReturnType<typeof readPeriodCounts>>
  readonly allowances: Awaited<ReturnType<typeof readAllowanceCounts>>
  readonly limits: Awaited<ReturnType<typeof readLimitCounts>>
}

/** Reads the counters that the requests count in: packages and tiers, allowances, spend limits. Under the locks of the pool wallets. */
export async function readCounts(tx: Tx, present: readonly Prepared[]): Promise<Counts> {
  const counted = new Map<string, MeterPeriod>()
  const covered = new Map<string, MeterPeriod>()
  const limited = new Map<string, WantedLimitCount>()
  for (const prepared of present) {
    const { terms, understood } = prepared
    if (!understood.ok) continue
    const { cost } = understood.value
    const { accountId } = terms
    if (cost.kind === 'priced') {
      const { meter } = cost.priced.event
      want(counted, { accountId, meter, periodStart: cost.priced.periodStart })
      if (cost.allowancePeriod !== null) want(covered, { accountId, meter, periodStart: cost.allowancePeriod })
    }
    for (const limit of applicableLimits(prepared)) {
      const place = placeOf(prepared, limit)
      const key = limitCountKey(place)
      if (!limited.has(key)) limited.set(key, withDays(prepared, place))
    }
  }
  const [periods, allowances, limits] = await Promise.all([
    readPeriodCounts(tx, [...counted.values()]),
    readAllowanceCounts(tx, [...covered.values()]),
    readLimitCounts(tx, [...limited.values()]),
  ])
  return { periods, allowances, limits }
}

/** Lays the counters on the desks. What expired holds have given back to them meanwhile stays counted. */
export function layCounts(desks: ReadonlyMap<string, AccountDesk>, { periods, allowances, limits }: Counts): void {
  for (const { accountId, meter, periodStart, quantity } of periods) {
    const desk = desks.get(accountId)
    if (desk !== undefined) counterOf(desk, meter, periodStart).used = quantity
  }
  for (const count of allowances) {
    const desk = desks.get(count.accountId)
    if (desk === undefined) continue
    const counter = allowanceOf(desk, count.meter, count.periodStart)
    counter.covered = count.covered
    counter.reserved += count.reserved
  }
  for (const count of limits) {
    const desk = desks.get(count.accountId)
    if (desk === undefined) continue
    const counter = limitCounterOf(desk, count)
    counter.used += count.used
    counter.reserved += count.reserved
    if (count.isNew) counter.usedAdded += count.used
  }
}

/** A spend limit that applies to a request, what counts against it, and its counter. */
export type CountedLimit = { readonly limit: Limit; readonly counter: LimitCounter; readonly place: LimitPlace }

/** The spend limits that apply to a request, each with what was spent and reserved under it so far. */
export function limitsOf(desk: AccountDesk, prepared: Prepared): readonly CountedLimit[] {
  return applicableLimits(prepared).map((terms) => {
    const place = placeOf(prepared, terms)
    const counter = limitCounterOf(desk, place)
    const { scope, subject, period, periodStart } = place
    return { limit: { ...terms, used: countedBy(counter) }, counter, place: { scope, subject, period, periodStart } }
  })
}

function applicableLimits(prepared: Prepared): readonly LimitTerms[] {
  const { request, terms, understood } = prepared
  if (!understood.ok || understood.value.cost.kind === 'nothing' || terms.limits.length === 0) return []
  const { member, key, resource } = subjectOf(request)
  const spender: Spender = { asset: understood.value.wallet.assetCode, member, key, resource }
  return terms.limits.filter((limit) => limitApplies(limit, spender))
}

type PlacedLimit = Omit<WantedLimitCount, 'firstDay' | 'lastDay'>

function placeOf(prepared: Prepared, { scope, asset, period }: LimitTerms): PlacedLimit {
  const { accountId } = prepared.terms
  const subject = scope === 'organization' ? '' : (subjectOf(prepared.request)[scope] ?? '')
  return { accountId, asset, scope, subject, period, periodStart: limitPeriodOf(prepared, period).start }
}

/** The calendar days of a counter are asked for once a counter, not once an event: they cost more than to decide one. */
function withDays(prepared: Prepared, place: PlacedLimit): WantedLimitCount {
  if (place.period === 'total') return { ...place, firstDay: null, lastDay: null }
  const { timeZone } = prepared.terms
  const { start, end } = limitPeriodOf(prepared, place.period)
  const lastInstant = new Date(end.getTime() - 1)
  return { ...place, firstDay: localDay(start, timeZone), lastDay: localDay(lastInstant, timeZone) }
}

function limitPeriodOf(prepared: Prepared, period: LimitTerms['period']): PeriodSpan {
  return periodOf(occurredAtOf(prepared), prepared.terms.timeZone, LIMIT_MONTHS_BEGIN_ON, period)
}

/** When the spending counts: when usage occurred, which may be in an earlier period than now. */
function occurredAtOf({ understood, now }: Prepared): Date {
  const cost = understood.ok ? understood.value.cost : null
  if (cost?.kind === 'priced') return cost.priced.occurredAt
  return cost?.kind === 'amount' ? cost.occurredAt : now
}

function want(wanted: Map<string, MeterPeriod>, period: MeterPeriod): void {
  wanted.set(`${period.accountId} ${periodKey(period.meter, period.periodStart)}`, period)
}
