import 'server-only'

import { showId } from '@/lib/db/ids'
import { inTransaction } from '@/lib/db/pool'
import type { PurserError } from '@/lib/errors'
import { traceDraw } from '@/lib/ledger/trace-draw'
import { formatAmount, type Amount } from '@/lib/money/amount'
import { formatQuantity } from '@/lib/money/quantity'
import { ok, type Result } from '@/lib/result'

import type { AuthorizationTraceAnswer } from '../authorization-contract'
import { decideLimits } from '../rules/limits'
import { walletOf, type AccountDesk } from './account-desk'
import { decideAuthorize } from './decide-authorize'
import { openDesks } from './open-desks'
import type { Prepared } from './prepare'
import { contextOf, rateCost } from './rate-cost'
import { limitsOf } from './read-counters'
import type { AuthorizeRequest } from './request'

/**
 * Decides an authorization on a desk that is never written: the same decision on the same figures, with every limit and grant that leads to
 * it. The transaction is rolled back. Errors: what makes the request meaningless (unknown_meter, unpriced, invalid_input).
 */
export async function traceAuthorization(
  request: AuthorizeRequest,
): Promise<Result<AuthorizationTraceAnswer, PurserError>> {
  const traced: Result<AuthorizationTraceAnswer, PurserError>[] = []
  await inTransaction(async (tx) => {
    const { desks, prepared } = await openDesks(tx, [request], 'wait')
    const [only] = prepared
    const desk = desks.get(request.account.id)
    if (only === undefined || desk === undefined) throw new Error('the request was not laid out')
    traced.push(trace(desk, only, request))
    throw new NothingIsKept()
  }).catch((error: unknown) => {
    if (!(error instanceof NothingIsKept)) throw error
  })
  const [answer] = traced
  if (answer === undefined) throw new Error('the request was not decided')
  return answer
}

/** Ends a transaction that only looked. */
class NothingIsKept extends Error {
  override readonly name = 'NothingIsKept'
}

function trace(
  desk: AccountDesk,
  prepared: Prepared,
  request: AuthorizeRequest,
): Result<AuthorizationTraceAnswer, PurserError> {
  if (!prepared.understood.ok) return prepared.understood
  const { wallet: name, cost } = prepared.understood.value
  const rated = rateCost(desk, cost, null)
  if (!rated.ok) return rated
  const { amount, covered } = rated.value
  const show = (value: Amount): string => formatAmount(value, name.scale)
  // Both are read before the decision, which moves the desk on.
  const limits = limitsOf(desk, prepared).map(({ limit }) => ({
    ...{ id: limit.id, scope: limit.scope, subject: limit.subject, period: limit.period, mode: limit.mode },
    ...{ amount: show(limit.amount), used: show(limit.used) },
    allows: limit.mode === 'alert' || decideLimits([limit], amount).isAllowed,
  }))
  const grants = traceDraw(walletOf(desk, name.assetCode, name.memberId).now, contextOf(prepared), amount).map(
    ({ grant, free, drawn, skipped }) => ({
      ...{ grant: showId('grt', grant.id), purpose: grant.purpose, skipped },
      ...{ free: show(free), drawn: show(drawn) },
    }),
  )
  const decided = decideAuthorize(desk, prepared, request)
  return ok({
    allowed: decided.ok,
    reason: decided.ok ? null : decided.error.code,
    asset: name.assetCode,
    amount: show(amount),
    covered_by_allowance: formatQuantity(covered),
    limits,
    grants,
  })
}
