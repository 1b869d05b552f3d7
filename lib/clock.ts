import 'server-only'

/** Where a verb learns what time it is. Passed in, so that a test clock can be moved. */
export type Clock = { readonly now: () => Date }

/** The machine's own time. */
export const systemClock: Clock = { now: () => new Date() }

/** The time of a billing account: where its test clock stands, or else the given clock. Every decision about an account uses it. */
export function accountClock(account: { readonly clockAt: Date | null }, clock: Clock): Clock {
  const { clockAt } = account
  return clockAt === null ? clock : { now: () => clockAt }
}
