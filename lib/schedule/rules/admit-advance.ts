import { invalidField, type PurserError } from '@/lib/errors'

/** Enough for every period there is, a leap year with its month after it; a typing error in a year is caught. */
const MOST_DAYS = 400
const DAY_MS = 86_400_000

/**
 * Why a test clock may not be moved to an instant, or null. `standing` is where the clock stands, null when there is none yet, and
 * `present` is the account's time. Where it stands already it may be sent again: a call of which the answer was lost is no mistake.
 */
export function refuseAdvance(to: Date, present: Date, standing: Date | null): PurserError | null {
  if (standing?.getTime() === to.getTime()) return null
  if (to <= present) return invalidField('to', `Use an instant after the present, which is ${present.toISOString()}.`)
  if (to.getTime() - present.getTime() > MOST_DAYS * DAY_MS) {
    return invalidField('to', `Move the clock by at most ${MOST_DAYS} days at a time.`)
  }
  return null
}
