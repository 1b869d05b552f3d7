import { freeOf } from '@/lib/ledger/book'
import { compareSpendingOrder, isEligible } from '@/lib/ledger/spending-order'
import type { GrantState, SpendContext } from '@/lib/ledger/types'

/** What a part of the usage is, by the names that scopes use. Nothing known: only grants without a scope pay for it. */
export type UsageShape = Omit<SpendContext, 'at'>

/** Usage of one shape that goes on at the same rate: `amount` in smallest units every `days` days. */
export type Flow = { readonly shape: UsageShape; readonly amount: bigint; readonly days: bigint }

/** What becomes of some grants while usage goes on. */
export type BurnDown = {
  /** When some usage can no longer be paid in full; null when that is not within the horizon. */
  readonly runsOutAt: Date | null
  /** What each grant loses at its expiry, by id. Grants that expire beyond the horizon, or never, are not in it. */
  readonly unused: ReadonlyMap<string, bigint>
}

const DAY_MS = 86_400_000
const DAILY_STEPS = 120
const LONG_STEP_DAYS = 30

/** How far ahead a simulation looks: ten years. */
export const HORIZON_DAYS = 3_650

type Lot = { readonly id: string; readonly effectiveAt: number; readonly expiresAt: number; free: bigint }

/** A flow with the lots that its scope may ever draw from, in spending order. */
type Payer = { readonly flow: Flow; readonly lots: readonly Lot[] }

/**
 * Simulates day by day from `now` how flows of usage use up grants: in spending order, earliest expiry first within it, each grant only
 * while it is effective, unexpired and in scope; what is left at its expiry is lost (ux.md, section 7). A day in which a grant begins or
 * ends is split there. After 120 days it goes on in steps of 30, which blurs only how flows share a grant.
 */
export function burnDown(grants: readonly GrantState[], flows: readonly Flow[], now: Date): BurnDown {
  const sorted = grants.toSorted(compareSpendingOrder)
  const lots = sorted.map(toLot)
  const payers = flows.map((flow): Payer => ({ flow, lots: lots.filter((_, index) => mayPay(sorted[index], flow)) }))
  const unused = new Map<string, bigint>()
  let runsOutAt: Date | null = null
  let start = now.getTime()
  for (const end of stepsFrom(now, grants)) {
    const shortAt = spendSegment(payers, now.getTime(), start, end)
    if (runsOutAt === null && shortAt !== null) runsOutAt = new Date(shortAt)
    dropExpired(lots, end, unused)
    start = end
    if (runsOutAt !== null && lots.every((lot) => lot.free === 0n)) break
  }
  for (const lot of lots) {
    const isWithin = lot.expiresAt <= now.getTime() + HORIZON_DAYS * DAY_MS
    if (isWithin && !unused.has(lot.id)) unused.set(lot.id, 0n)
  }
  return { runsOutAt, unused }
}

function toLot(grant: GrantState): Lot {
  const expiresAt = grant.expiresAt?.getTime() ?? Infinity
  return { id: grant.id, effectiveAt: grant.effectiveAt.getTime(), expiresAt, free: freeOf(grant) }
}

/** Whether a grant would pay for a flow in its own time: in scope, not frozen, not voided, with something free. */
function mayPay(grant: GrantState | undefined, { shape }: Flow): boolean {
  return grant !== undefined && isEligible(grant, { ...shape, at: grant.effectiveAt })
}

/** Lets every flow draw what it needs between two instants. Answers when one of them first came up short, or null. */
function spendSegment(payers: readonly Payer[], origin: number, start: number, end: number): number | null {
  let firstShort: number | null = null
  for (const { flow, lots } of payers) {
    const needed = usedBy(flow, end - origin) - usedBy(flow, start - origin)
    const covered = draw(lots, start, needed)
    if (covered === needed) continue
    const shortAt = start + Number((BigInt(end - start) * covered) / needed)
    firstShort = firstShort === null ? shortAt : Math.min(firstShort, shortAt)
  }
  return firstShort
}

/** All that a flow has used after so many milliseconds. Differences of it never lose a fraction over time. */
function usedBy(flow: Flow, elapsedMs: number): bigint {
  return (flow.amount * BigInt(elapsedMs)) / (flow.days * BigInt(DAY_MS))
}

function draw(lots: readonly Lot[], at: number, wanted: bigint): bigint {
  let rest = wanted
  for (const lot of lots) {
    if (rest === 0n) break
    if (lot.free === 0n || at < lot.effectiveAt || at >= lot.expiresAt) continue
    const drawn = lot.free < rest ? lot.free : rest
    lot.free -= drawn
    rest -= drawn
  }
  return wanted - rest
}

function dropExpired(lots: readonly Lot[], at: number, unused: Map<string, bigint>): void {
  for (const lot of lots) {
    if (lot.expiresAt > at || unused.has(lot.id)) continue
    unused.set(lot.id, lot.free)
    lot.free = 0n
  }
}

/** The ends of the steps, rising: days, then months of 30 days, and every instant at which a grant begins or ends. */
function stepsFrom(now: Date, grants: readonly GrantState[]): readonly number[] {
  const origin = now.getTime()
  const horizon = origin + HORIZON_DAYS * DAY_MS
  const ends = new Set<number>([horizon])
  for (let day = 1; day <= DAILY_STEPS; day += 1) ends.add(origin + day * DAY_MS)
  for (let day = DAILY_STEPS + LONG_STEP_DAYS; day < HORIZON_DAYS; day += LONG_STEP_DAYS)
    ends.add(origin + day * DAY_MS)
  for (const { effectiveAt, expiresAt } of grants) {
    for (const instant of [effectiveAt, expiresAt]) {
      if (instant !== null && instant.getTime() > origin && instant.getTime() < horizon) ends.add(instant.getTime())
    }
  }
  return [...ends].sort((left, right) => left - right)
}
