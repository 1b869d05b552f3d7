import 'server-only'

import type { Actor } from '@/lib/auth/rules/actor'
import type { Clock } from '@/lib/clock'
import type { PurserError } from '@/lib/errors'
import type { Result } from '@/lib/result'

import type { ExtendInput } from '../authorization-contract'
import type { HoldAnswered } from '../desk/request'
import { submitHold } from '../desk/submit'
import type { FoundAuthorization } from './find-authorization'

/** Keeps an open hold for so many seconds from now. Locks the wallet. Errors: invalid_state (it is closed or has expired). */
export async function extend(
  actor: Extract<Actor, { kind: 'key' }>,
  { hold, account }: FoundAuthorization,
  input: ExtendInput,
  clock: Clock,
): Promise<Result<HoldAnswered, PurserError>> {
  return submitHold({ kind: 'extend', actor, account, hold, expiresInSeconds: input.expires_in, clock })
}
