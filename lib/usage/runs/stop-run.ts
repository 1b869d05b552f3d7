import 'server-only'

import type { Actor } from '@/lib/auth/rules/actor'
import type { Clock } from '@/lib/clock'
import type { PurserError } from '@/lib/errors'
import type { Result } from '@/lib/result'

import { changeRun } from './change-run'
import type { RunAnswer, RunMoveInput } from '../run-contract'

/** Stops a run for good: it stops accruing at that instant, and all that it used is recorded, what credit does not cover as debt. See `changeRun`. */
export function stopRun(
  actor: Extract<Actor, { kind: 'key' }>,
  name: string,
  input: RunMoveInput,
  clock: Clock,
): Promise<Result<RunAnswer, PurserError>> {
  return changeRun(actor, name, 'stop', input, clock)
}
