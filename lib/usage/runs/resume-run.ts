import 'server-only'

import type { Actor } from '@/lib/auth/rules/actor'
import type { Clock } from '@/lib/clock'
import type { PurserError } from '@/lib/errors'
import type { Result } from '@/lib/result'

import { changeRun } from './change-run'
import type { RunAnswer, RunMoveInput } from '../run-contract'

/** Lets a paused run go on, when there is credit for it. Errors besides those of every move: insufficient_credits, spend_limit_exceeded, debt_unsettled. See `changeRun`. */
export function resumeRun(
  actor: Extract<Actor, { kind: 'key' }>,
  name: string,
  input: RunMoveInput,
  clock: Clock,
): Promise<Result<RunAnswer, PurserError>> {
  return changeRun(actor, name, 'resume', input, clock)
}
