import { err, ok, type Result } from '@/lib/result'

/** A version of a price, as far as time is concerned. */
type Version = { readonly effectiveFrom: Date }

/**
 * The version that is in force at an instant: the latest one that has begun by then. Versions of one meter never overlap,
 * since each ends where the next begins. Null before the first one: the meter has no price, which is not the same as free.
 */
export function priceInForce<PriceVersion extends Version>(
  versions: readonly PriceVersion[],
  at: Date,
): PriceVersion | null {
  let latest: PriceVersion | null = null
  for (const version of versions) {
    const hasBegun = version.effectiveFrom <= at
    if (hasBegun && (latest === null || version.effectiveFrom > latest.effectiveFrom)) latest = version
  }
  return latest
}

/** What is known about a meter when a new version of its price arrives. */
export type MeterHistory = {
  readonly versions: readonly Version[]
  /** The latest `occurred_at` of any usage that this meter's prices have rated. */
  readonly lastRatedAt: Date | null
  readonly now: Date
}

/**
 * Decides whether a new price version may begin at an instant. Two versions never begin together, and the past is open only
 * while nothing was rated from then on (api.md, Routes): a charge that was made is not re-priced.
 * Errors: `same_instant`, `already_rated`.
 */
export function admitPriceVersion(
  effectiveFrom: Date,
  { versions, lastRatedAt, now }: MeterHistory,
): Result<null, 'same_instant' | 'already_rated'> {
  if (versions.some((version) => version.effectiveFrom.getTime() === effectiveFrom.getTime()))
    return err('same_instant')
  if (effectiveFrom < now && lastRatedAt !== null && lastRatedAt >= effectiveFrom) return err('already_rated')
  return ok(null)
}
