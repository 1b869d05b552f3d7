import 'server-only'

import type { Actor } from '@/lib/auth/rules/actor'
import type { Clock } from '@/lib/clock'
import type { PurserError } from '@/lib/errors'
import type { Result } from '@/lib/result'

import { changeRun } from './change-run'
import type { RunAnswer, RunMoveInput } from '../run-contract'

/** Says that a run is alive and bills it up to then. The answer tells whether it was paused or stopped meanwhile. See `changeRun`. */
export function heartbeatRun(
  actor: Extract<Actor, { kind: 'key' }>,
  name: string,
  input: RunMoveInput,
  clock: Clock,
): Promise<Result<RunAnswer, PurserError>> {
  return changeRun(actor, name, 'heartbeat', input, clock)
}
