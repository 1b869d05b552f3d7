import type { Price } from './price'

/** The shape of the ids of usage events that runs write: the run, and the first unit that the event bills. */
const RUN_EVENT = /^run_[0-7][0-9a-hjkmnp-tv-z]{25}:(0|[1-9][0-9]*)$/

/** The id of the usage event that bills a run from a unit on: the same units are never billed twice, because no id is. */
export function runEventId(runId: string, fromUnit: number): string {
  return `${runId}:${fromUnit}`
}

/** Whether an id is kept for the usage events of runs: callers choose others. */
export function isRunEventId(id: string): boolean {
  return RUN_EVENT.test(id)
}

/**
 * The price of one usage event. The minimum of a price is for a run as a whole: its first event bills it, the events that continue the run
 * are billed as they are.
 */
export function priceOfEvent(price: Price, eventId: string): Price {
  const fromUnit = RUN_EVENT.exec(eventId)?.[1]
  return fromUnit === undefined || fromUnit === '0' ? price : { ...price, minimumQuantity: null }
}
