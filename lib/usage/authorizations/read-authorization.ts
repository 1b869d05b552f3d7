import 'server-only'

import type { Actor } from '@/lib/auth/rules/actor'
import { accountClock, type Clock } from '@/lib/clock'
import type { PurserError } from '@/lib/errors'
import { isHoldDue, outstandingOf } from '@/lib/ledger/hold'
import type { HoldState } from '@/lib/ledger/types'
import { ok, type Result } from '@/lib/result'

import { toAuthorizationAnswer } from './authorization-answer'
import type { AuthorizationAnswer } from '../authorization-contract'
import { findAuthorization } from './find-authorization'

/** A hold as it stands now: past its expiry it is expired, whether or not the sweep has booked that. Errors: not_found. */
export async function readAuthorization(
  actor: Extract<Actor, { kind: 'key' }>,
  id: string,
  clock: Clock,
): Promise<Result<AuthorizationAnswer, PurserError>> {
  const found = await findAuthorization(actor, id)
  if (!found.ok) return found
  const { hold, account } = found.value
  return ok(toAuthorizationAnswer({ ...hold, state: standing(hold.state, accountClock(account, clock).now()) }))
}

function standing(state: HoldState, now: Date): HoldState {
  return isHoldDue(state, now) ? { ...state, status: 'expired', released: outstandingOf(state) } : state
}
