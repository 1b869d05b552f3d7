import 'server-only'

/** Where a verb learns what time it is. Passed in, so that a test clock can be moved. */
export type Clock = { readonly now: () => Date }

/** The machine's own time. */
export const systemClock: Clock = { now: () => new Date() }
