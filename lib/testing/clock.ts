import type { Clock } from '../clock'

/** A clock that stands still until it is moved. */
export type MovableClock = Clock & { readonly advance: (milliseconds: number) => void }

/** A clock that stands at an instant, noon of a Monday unless told. */
export function movableClock(start = '2026-11-23T12:00:00Z'): MovableClock {
  let at = new Date(start).getTime()
  return {
    now: () => new Date(at),
    advance: (milliseconds) => {
      at += milliseconds
    },
  }
}
