import type { GrantState } from '@/lib/ledger/types'
import { divideHalfEven } from '@/lib/money/rounding'
import { burnDown, HORIZON_DAYS, type Flow, type UsageShape } from './burn-down'
import type { RecentDays } from './spend'

/** How long the balance lasts at the rate of the last days. */
export type Runway = {
  readonly days: number
  /** At the highest and at the lowest of the last days. */
  readonly lowDays: number
  readonly highDays: number
  readonly runsOutAt: Date
  readonly daysWithoutExpiry: number
  /** The mean of the last complete days, in smallest units. */
  readonly averagePerDay: bigint
}

/** A part of the spend of the last complete days. */
export type SpendShare = { readonly shape: UsageShape; readonly amount: bigint }

const DAY_MS = 86_400_000

/**
 * How long the grants last when usage goes on as in the last complete days, each kind of usage in its proportion. Null when nothing was
 * used: then no day can be named. What lasts longer than ten years is said to last ten (ux.md, section 7).
 */
export function runwayOf(
  grants: readonly GrantState[],
  shares: readonly SpendShare[],
  recent: RecentDays,
  now: Date,
): Runway | null {
  if (recent.total === 0n) return null
  const lasting = (lots: readonly GrantState[], flows: readonly Flow[]) => burnDown(lots, flows, now).runsOutAt
  const average = flowsOf(shares, recent.total, BigInt(recent.days), recent.total)
  const runsOutAt = lasting(grants, average) ?? new Date(now.getTime() + HORIZON_DAYS * DAY_MS)
  const withoutExpiry = grants.map((grant) => ({ ...grant, expiresAt: null }))
  return {
    days: wholeDays(runsOutAt, now),
    lowDays: wholeDays(lasting(grants, flowsOf(shares, recent.highest, 1n, recent.total)), now),
    highDays: wholeDays(lasting(grants, flowsOf(shares, recent.lowest, 1n, recent.total)), now),
    runsOutAt,
    daysWithoutExpiry: wholeDays(lasting(withoutExpiry, average), now),
    averagePerDay: divideHalfEven(recent.total, BigInt(recent.days)),
  }
}

/** What each grant will lose at its expiry at the average rate, by id; see `burnDown`. */
export function forecastUnused(
  grants: readonly GrantState[],
  shares: readonly SpendShare[],
  recent: RecentDays,
  now: Date,
): ReadonlyMap<string, bigint> {
  return burnDown(grants, flowsOf(shares, recent.total, BigInt(recent.days), recent.total), now).unused
}

/** Flows that add up to `amount` in `days`, in the proportions of the shares. */
function flowsOf(shares: readonly SpendShare[], amount: bigint, days: bigint, whole: bigint): readonly Flow[] {
  if (amount === 0n) return []
  return shares.map((share) => ({ shape: share.shape, amount: share.amount * amount, days: days * whole }))
}

function wholeDays(runsOutAt: Date | null, now: Date): number {
  return runsOutAt === null ? HORIZON_DAYS : Math.floor((runsOutAt.getTime() - now.getTime()) / DAY_MS)
}
