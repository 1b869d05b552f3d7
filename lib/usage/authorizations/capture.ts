import 'server-only'

import type { Actor } from '@/lib/auth/rules/actor'
import type { Clock } from '@/lib/clock'
import type { OnceKey } from '@/lib/db/idempotency'
import type { PurserError } from '@/lib/errors'
import { parseQuantity, parseUnitPrice } from '@/lib/money/quantity'
import type { Result } from '@/lib/result'

import type { CaptureInput } from '../authorization-contract'
import { readDecimal } from '../contract'
import type { CaptureRequest, HoldAnswered } from '../desk/request'
import { submitHold } from '../desk/submit'
import type { FoundAuthorization } from './find-authorization'

/** Where captures are remembered: by account and by the caller's own id of the usage. */
const ROUTE = 'POST /authorizations/{id}/capture'

/**
 * Charges usage to a hold, in part or whole, once per event id. The full usage is recorded whatever the policy: what goes beyond the hold is
 * spent like a plain debit, what no credit covers becomes debt; past the hold's expiry it is a plain debit, flagged late. Answers
 * `CaptureAnswer` as JSON text. Locks the wallet. `bodyHash` tells a replay from a conflict. Errors: invalid_state, invalid_input, unpriced,
 * unknown_meter, idempotency_conflict, unavailable.
 */
export async function capture(
  actor: Extract<Actor, { kind: 'key' }>,
  { hold, account }: FoundAuthorization,
  input: CaptureInput,
  bodyHash: string,
  clock: Clock,
): Promise<Result<HoldAnswered, PurserError>> {
  const once: OnceKey = { mode: actor.mode, route: ROUTE, key: `${account.id} ${input.event_id}`, bodyHash }
  const request: CaptureRequest = {
    ...{ kind: 'capture', actor, account, clock, hold, once },
    eventId: input.event_id,
    size: sizeOf(input),
    isFinal: input.final,
    dimensions: input.dimensions ?? {},
    cost: input.cost === undefined ? null : readDecimal(parseUnitPrice(input.cost)),
    occurredAt: input.occurred_at === undefined ? null : new Date(input.occurred_at),
  }
  return submitHold(request)
}

function sizeOf({ quantity, amount }: CaptureInput): CaptureRequest['size'] {
  if (quantity !== undefined) return { quantity: readDecimal(parseQuantity(quantity)) }
  if (amount !== undefined) return { amountText: amount }
  throw new Error('a capture says how much')
}
