import 'server-only'

import type { Actor } from '@/lib/auth/rules/actor'
import type { Clock } from '@/lib/clock'
import type { PurserError } from '@/lib/errors'
import type { Result } from '@/lib/result'

import { changeRun } from './change-run'
import type { RunAnswer, RunMoveInput } from '../run-contract'

/** Pauses a run: from that instant on it is free. See `changeRun`. */
export function pauseRun(
  actor: Extract<Actor, { kind: 'key' }>,
  name: string,
  input: RunMoveInput,
  clock: Clock,
): Promise<Result<RunAnswer, PurserError>> {
  return changeRun(actor, name, 'pause', input, clock)
}
