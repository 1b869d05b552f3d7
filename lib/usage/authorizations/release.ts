import 'server-only'

import type { Actor } from '@/lib/auth/rules/actor'
import type { Clock } from '@/lib/clock'
import type { PurserError } from '@/lib/errors'
import type { Result } from '@/lib/result'

import type { HoldAnswered } from '../desk/request'
import { submitHold } from '../desk/submit'
import type { FoundAuthorization } from './find-authorization'

/** Frees what a hold still pins, to the same grants. Releasing twice gives the same answer. Locks the wallet. Errors: invalid_state. */
export async function release(
  actor: Extract<Actor, { kind: 'key' }>,
  { hold, account }: FoundAuthorization,
  clock: Clock,
): Promise<Result<HoldAnswered, PurserError>> {
  return submitHold({ kind: 'release', actor, account, hold, clock })
}
