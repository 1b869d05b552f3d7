import 'server-only'

import type { Actor } from '@/lib/auth/rules/actor'
import { accountClock, type Clock } from '@/lib/clock'
import { announceBalance } from '@/lib/db/announce'
import { moveTestClock } from '@/lib/db/test-clock'
import type { PurserError } from '@/lib/errors'
import { err, ok, type Result } from '@/lib/result'

import type { AdvanceInput, TestClockAnswer } from './contract'
import type { DueSource } from './due-contract'
import { findClocked } from './find-clocked'
import { refuseAdvance } from './rules/admit-advance'
import { dueSources } from './sources'
import { workDue } from './work-due'

type KeyActor = Extract<Actor, { kind: 'key' }>

/** Whose work it is that a moved clock makes due. */
const MOVED = { kind: 'job', task: 'test_clock' } as const

/**
 * Moves the test clock of an organization forward. What falls due on the way is done in order, each at its own instant, at which the clock
 * stands meanwhile; then it stands still where it was sent. The clock only ever goes forward here, in steps that are each committed: an
 * advance that was cut off is finished by sending it again, and two at once end where the later one of them leads, nothing done twice.
 * Answers where the clock stands. Errors: forbidden (live keys), not_found, invalid_input (`to`).
 */
export async function advanceTestClock(
  actor: KeyActor,
  organization: string,
  input: AdvanceInput,
  clock: Clock,
  sources: readonly DueSource[] = dueSources,
): Promise<Result<TestClockAnswer, PurserError>> {
  const found = await findClocked(actor, organization)
  if (!found.ok) return found
  const account = found.value
  const to = new Date(input.to)
  const present = accountClock(account, clock).now()
  const refusal = refuseAdvance(to, present, account.clockAt)
  if (refusal !== null) return err(refusal)

  const moveTo = async (at: Date) => void (await moveTestClock(account.id, at))
  await moveTo(present)
  await workDue(MOVED, account.id, to, { sources, moveTo })
  const now = await moveTestClock(account.id, to)
  // What a call has made due in between the last look and the move.
  await workDue(MOVED, account.id, to, { sources })
  announceBalance(account.id)
  return ok({ now: now.toISOString() })
}
