import { addDays, type Day } from '@/lib/analytics/rules/calendar'
import type { FieldError } from '@/lib/errors'
import { err, ok, type Result } from '@/lib/result'

import { isAnniversary, type ContractDays } from './contract-year'

/** No contract runs longer: what is longer is a slip of the pen. */
const LONGEST_YEARS = 50

/**
 * Whether an account may have a contract of these days, given the one that it has. A contract that has begun keeps its first day, so that its
 * years stay where they are; after its last day another may follow. `today` is the day in the account's time zone. Errors: the field.
 */
export function admitContract(asked: ContractDays, before: ContractDays | null, today: Day): Result<null, FieldError> {
  const { startsOn, endsOn } = asked
  if (before !== null && before.startsOn === startsOn && before.endsOn === endsOn) return ok(null)
  if (endsOn < startsOn) return err({ path: 'ends_on', message: 'Use a day that is not before starts_on.' })
  if (isAnniversary(startsOn, endsOn)) {
    const message = `The last contract year would be a single day. For whole years use ${addDays(endsOn, -1)}.`
    return err({ path: 'ends_on', message })
  }
  if (endsOn >= yearsLater(startsOn, LONGEST_YEARS)) {
    return err({ path: 'ends_on', message: `Use a contract of at most ${LONGEST_YEARS} years.` })
  }
  if (endsOn < today) return err({ path: 'ends_on', message: 'Use a last day that is not over yet.' })
  if (before === null || today < before.startsOn) return ok(null)
  if (today <= before.endsOn && startsOn !== before.startsOn) {
    const message = `This contract has begun on ${before.startsOn}, and its years stay where they are. Keep that day.`
    return err({ path: 'starts_on', message })
  }
  if (today > before.endsOn && startsOn <= before.endsOn) {
    const message = `The contract before it ended on ${before.endsOn}. Use a later day.`
    return err({ path: 'starts_on', message })
  }
  return ok(null)
}

function yearsLater(day: Day, years: number): Day {
  return `${(parseInt(day.slice(0, 4), 10) + years).toString().padStart(4, '0')}${day.slice(4)}`
}
