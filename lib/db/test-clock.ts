import 'server-only'

import { query } from './pool'

/** A null is left out by `greatest`, so the first move sets the clock and no later one puts it back. */
const MOVE = `UPDATE billing_account SET clock_at = greatest(clock_at, $2), clock_used = true, terms_version = terms_version + 1 WHERE id = $1 RETURNING clock_at`
const CLEAR = 'UPDATE billing_account SET clock_at = NULL, terms_version = terms_version + 1 WHERE id = $1'
const HAS_HAD = 'SELECT clock_used FROM billing_account WHERE id = $1'

/** Moves the test clock of an account forward, or gives it one. Answers where it stands then: never before where it stood. */
export async function moveTestClock(accountId: string, to: Date): Promise<Date> {
  const [row] = await query(MOVE, [accountId, to])
  if (row === undefined) throw new Error(`billing account ${accountId} does not exist`)
  return row['clock_at'] as Date
}

/** Whether the account ever had a test clock: then instants of its journal may be far from when they were really written. */
export async function hasHadTestClock(accountId: string): Promise<boolean> {
  const [row] = await query(HAS_HAD, [accountId])
  return row?.['clock_used'] === true
}

/** Takes the test clock of an account away: real time counts again. */
export async function clearTestClock(accountId: string): Promise<void> {
  await query(CLEAR, [accountId])
}
