/** Since when there is debt, and when the card was last asked to settle it. */
export type WatchedDebt = { readonly since: Date | null; readonly askedAt: Date | null }

/** What is remembered of a run's debt, and whether the card is to be asked to settle it now. */
export type DebtWatch = { readonly debt: WatchedDebt; readonly isToBeSettled: boolean }

const NO_DEBT: WatchedDebt = { since: null, askedAt: null }
const HOUR_MS = 3_600_000

/**
 * Watches the debt that a run goes on into when a card pays what credit does not (ledger.md, "At zero"). The card is asked when the run
 * no longer runs; before that as soon as the debt passes the limit or is an hour old, and again after an hour while there is debt.
 */
export function watchDebt(
  { since, askedAt }: WatchedDebt,
  state: { readonly debt: bigint; readonly limit: bigint; readonly isRunning: boolean },
  now: Date,
): DebtWatch {
  if (state.debt <= 0n) return { debt: NO_DEBT, isToBeSettled: false }
  const begun = since ?? now
  const isPressing = state.debt > state.limit || isHourOld(begun, now)
  const isToBeSettled = !state.isRunning || (isPressing && (askedAt === null || isHourOld(askedAt, now)))
  return { debt: { since: begun, askedAt: isToBeSettled ? now : askedAt }, isToBeSettled }
}

function isHourOld(instant: Date, now: Date): boolean {
  return now.getTime() - instant.getTime() >= HOUR_MS
}
