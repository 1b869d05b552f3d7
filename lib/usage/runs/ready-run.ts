import 'server-only'

import type { Actor } from '@/lib/auth/rules/actor'
import type { Clock } from '@/lib/clock'
import type { PurserError } from '@/lib/errors'
import type { Result } from '@/lib/result'

import { changeRun } from './change-run'
import type { RunAnswer, RunMoveInput } from '../run-contract'

/** Reports that a cold run is ready: from that instant on it is billed, by the hour at once for the first one. See `changeRun`. */
export function readyRun(
  actor: Extract<Actor, { kind: 'key' }>,
  name: string,
  input: RunMoveInput,
  clock: Clock,
): Promise<Result<RunAnswer, PurserError>> {
  return changeRun(actor, name, 'ready', input, clock)
}
