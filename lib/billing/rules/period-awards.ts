import { amount, ZERO_AMOUNT, type Amount } from '@/lib/money/amount'
import type { PeriodSpan } from '@/lib/usage/rules/period'

/** Real time looks this far ahead: the next period's credit is there before it begins, so nobody is refused for a minute. */
export const LOOK_AHEAD_MS = 5 * 60_000

/** What was granted of an asset, from when until when it can be spent. */
export type GrantedPeriod = PeriodSpan & { readonly assetCode: string; readonly granted: Amount }

/** Credit to be granted for a period: effective from `start`, which may be still to come, expiring at `end`. */
export type Award = PeriodSpan & { readonly assetCode: string; readonly amount: Amount }

/** What somebody gets each period. */
export type PeriodTerms = {
  /** The period that an instant falls into; null outside of all periods. */
  readonly spanAt: (at: Date) => PeriodSpan | null
  /** When the first period begins that is after an instant outside of all periods; null: never. */
  readonly nextStart: (at: Date) => Date | null
  readonly entitled: ReadonlyMap<string, Amount>
  /** What is missing of an asset where these grants run: one of the rules below. */
  readonly missing: MissingRule
}

/** What is missing of an asset at an instant, given what runs at that instant of all assets, and what began in the period, also if it ended. */
export type MissingRule = (
  assetCode: string,
  entitled: Amount,
  running: readonly GrantedPeriod[],
  begun: readonly GrantedPeriod[],
) => Amount

/** What is to be done now, and when to look again; null: not before something changes. */
export type AwardDecision<Period extends GrantedPeriod = GrantedPeriod> = {
  /** Grants that have not begun and are no longer right: to be taken back before the awards are made. */
  readonly withdrawals: readonly Period[]
  readonly awards: readonly Award[]
  readonly nextAt: Date | null
}

/** The last instant that is decided about at `at`: under a test clock everything happens at its very instant. */
export function horizonOf(at: Date, clockAt: Date | null): Date {
  return clockAt === null ? new Date(at.getTime() + LOOK_AHEAD_MS) : at
}

/** When a decision that is due at an instant can first be made: the inverse of `horizonOf`. */
export function firstLookAt(dueAt: Date, clockAt: Date | null): Date {
  return clockAt === null ? new Date(dueAt.getTime() - LOOK_AHEAD_MS) : dueAt
}

/**
 * Decides what to grant up to a horizon, given what was granted before: of each period once, in mid-period the difference, and nothing is
 * taken back of what has begun. Grants that are still to begin are made right: what was granted early and is no longer due is withdrawn.
 * Deciding again with what was decided changes nothing. Periods that passed while nobody looked are left out: they could not be spent.
 */
export function decideAwards<Period extends GrantedPeriod>(
  terms: PeriodTerms,
  granted: readonly Period[],
  at: Date,
  horizon: Date,
): AwardDecision<Period> {
  const real = granted.filter((period) => period.granted > 0n)
  const planned = real.filter(({ start }) => start > at && start <= horizon)
  const running: GrantedPeriod[] = real.filter(({ start }) => start <= at)
  const wanted: Award[] = []
  let instant: Date | null = terms.entitled.size === 0 ? null : at
  while (instant !== null && instant <= horizon) {
    const found = awardsAt(terms, running, instant, at)
    wanted.push(...found)
    running.push(...found.map((award) => ({ ...award, granted: award.amount })))
    instant = nextInstant(terms, running, instant)
  }
  const isKept = (period: GrantedPeriod) =>
    wanted.some((award) => isSamePeriod(award, period) && award.amount === period.granted)
  const withdrawals = planned.filter((period) => !isKept(period))
  const kept = planned.filter(isKept)
  const awards = wanted.filter((award) => !kept.some((period) => isSamePeriod(award, period)))
  return { withdrawals, awards, nextAt: instant }
}

/** Each asset by itself: what runs falls short of it. A plan with more grants the difference at once. */
export const missingOfAsset: MissingRule = (assetCode, entitled, running) => {
  const has = running.reduce((sum, period) => (period.assetCode === assetCode ? sum + period.granted : sum), 0n)
  return has < entitled ? amount(entitled - has) : ZERO_AMOUNT
}

/** As each asset by itself, but what was given in another asset stands for this period: a Lite member gets one allocation a month. */
export const missingOfOneAsset: MissingRule = (assetCode, entitled, running, begun) =>
  running.some((period) => period.assetCode !== assetCode)
    ? ZERO_AMOUNT
    : missingOfAsset(assetCode, entitled, running, begun)

/**
 * All or nothing: what was granted for a contract year that has begun stays as it was. A year that was made longer has had its package, also
 * when that ended where the year was to end.
 */
export const missingOnce: MissingRule = (_assetCode, entitled, running, begun) =>
  running.length === 0 && begun.length === 0 ? entitled : ZERO_AMOUNT

function awardsAt(terms: PeriodTerms, granted: readonly GrantedPeriod[], instant: Date, now: Date): readonly Award[] {
  const span = terms.spanAt(instant)
  if (span === null) return []
  const running = granted.filter(({ start, end }) => start <= instant && instant < end)
  const begun = granted.filter(({ start }) => span.start <= start && start < span.end)
  const start = instant > now ? instant : span.start
  return [...terms.entitled].flatMap(([assetCode, entitled]) => {
    const missing = terms.missing(assetCode, entitled, running, begun)
    return missing === 0n ? [] : [{ assetCode, start, end: span.end, amount: missing }]
  })
}

/** The next instant at which something can be missing: a period begins, or credit of an earlier one ends inside this one. */
function nextInstant(terms: PeriodTerms, granted: readonly GrantedPeriod[], instant: Date): Date | null {
  const span = terms.spanAt(instant)
  const boundary = span === null ? terms.nextStart(instant) : isOver(terms, span) ? null : span.end
  const ends = granted.flatMap(({ end }) => (span !== null && end > instant && end < span.end ? [end.getTime()] : []))
  const instants = boundary === null ? ends : [boundary.getTime(), ...ends]
  return instants.length === 0 ? null : new Date(Math.min(...instants))
}

/** Whether no period follows a span. */
function isOver(terms: PeriodTerms, { end }: PeriodSpan): boolean {
  return terms.spanAt(end) === null && terms.nextStart(end) === null
}

function isSamePeriod(award: Award, period: GrantedPeriod): boolean {
  return (
    award.assetCode === period.assetCode &&
    award.start.getTime() === period.start.getTime() &&
    award.end.getTime() === period.end.getTime()
  )
}
