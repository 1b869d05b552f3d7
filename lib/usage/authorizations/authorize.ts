import 'server-only'

import { can } from '@/lib/auth/rules/permissions'
import type { Actor } from '@/lib/auth/rules/actor'
import type { Clock } from '@/lib/clock'
import type { OnceKey } from '@/lib/db/idempotency'
import { newId } from '@/lib/db/ids'
import type { PurserError } from '@/lib/errors'
import { err, type Result } from '@/lib/result'

import type { AuthorizationInput, AuthorizationTraceAnswer } from '../authorization-contract'
import type { AuthorizeRequest, HoldAnswered, UsageAccount } from '../desk/request'
import { submitHold } from '../desk/submit'
import { traceAuthorization } from '../desk/trace-authorization'
import { readAuthorizationInput } from './read-authorization-input'

type KeyActor = Extract<Actor, { kind: 'key' }>

/**
 * Sets credits aside before they are spent, once per idempotency key: checks the allowance, debt, every spend limit and the grants, then
 * pins grants (ledger.md, "Authorize, capture, release"). Answers the hold as JSON text (`AuthorizationAnswer`). Locks the wallet. Errors:
 * forbidden, unknown_meter, unpriced, invalid_input, debt_unsettled, spend_limit_exceeded, insufficient_credits, idempotency_conflict,
 * unavailable.
 */
export async function authorize(
  actor: KeyActor,
  account: UsageAccount,
  input: AuthorizationInput,
  once: Omit<OnceKey, 'mode'>,
  clock: Clock,
): Promise<Result<HoldAnswered, PurserError>> {
  if (!can(actor, 'usage:authorize', account)) return err({ code: 'forbidden' })
  return submitHold(requestOf(actor, account, input, { ...once, mode: actor.mode }, clock))
}

/**
 * Says what `authorize` would decide now, with every limit and grant that leads to it. Writes nothing. Locks the wallet for the moment of
 * the decision. Errors: forbidden, unknown_meter, unpriced, invalid_input.
 */
export async function explainAuthorization(
  actor: KeyActor,
  account: UsageAccount,
  input: AuthorizationInput,
  clock: Clock,
): Promise<Result<AuthorizationTraceAnswer, PurserError>> {
  if (!can(actor, 'usage:authorize', account)) return err({ code: 'forbidden' })
  return traceAuthorization(requestOf(actor, account, input, NEVER_KEPT, clock))
}

const NEVER_KEPT: OnceKey = { mode: 'test', route: 'dry run', key: '', bodyHash: '' }

function requestOf(
  actor: KeyActor,
  account: UsageAccount,
  input: AuthorizationInput,
  once: OnceKey,
  clock: Clock,
): AuthorizeRequest {
  const expiresInSeconds = input.expires_in
  return {
    kind: 'authorize',
    actor,
    account,
    clock,
    holdId: newId(),
    once,
    expiresInSeconds,
    ...readAuthorizationInput(input),
  }
}
