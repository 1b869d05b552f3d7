import 'server-only'

import type { Actor } from '@/lib/auth/rules/actor'
import type { Clock } from '@/lib/clock'
import { announceBalance } from '@/lib/db/announce'
import { clearTestClock } from '@/lib/db/test-clock'
import type { PurserError } from '@/lib/errors'
import { ok, type Result } from '@/lib/result'

import type { TestClockAnswer } from './contract'
import { findClocked } from './find-clocked'

/**
 * Puts an organization back to real time. What its test clock made happen stays as it is. Doing it again changes nothing. Errors:
 * forbidden (live keys), not_found.
 */
export async function removeTestClock(
  actor: Extract<Actor, { kind: 'key' }>,
  organization: string,
  clock: Clock,
): Promise<Result<TestClockAnswer, PurserError>> {
  const found = await findClocked(actor, organization)
  if (!found.ok) return found
  await clearTestClock(found.value.id)
  announceBalance(found.value.id)
  return ok({ now: clock.now().toISOString() })
}
