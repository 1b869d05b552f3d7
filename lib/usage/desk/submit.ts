import 'server-only'

import { announceBalance } from '@/lib/db/announce'
import type { PurserError } from '@/lib/errors'
import { log } from '@/lib/log'
import { err, ok, type Result } from '@/lib/result'

import { coalesce } from '../coalesce'
import { decideBatch } from './decide-batch'
import type { Decision, DeskRequest, HoldAnswered } from './request'

const MAX_BATCH = 500
const MAX_ACCOUNTS = 64
const MAX_WAITING = 20_000
const MAX_ACTIVE = 4

/** Concurrent requests are decided together; see `coalesce`. */
const enqueue = coalesce<DeskRequest, Decision>({
  work: decideAndAnnounce,
  maxBatch: MAX_BATCH,
  maxKeys: MAX_ACCOUNTS,
  maxWaiting: MAX_WAITING,
  maxActive: MAX_ACTIVE,
})

/**
 * Has requests of one account decided, in the order given, each with an outcome of its own. Errors: `unavailable` for all, when too many
 * wait. Unforeseen trouble of the only request is thrown; among several it stays with its own.
 */
export async function submit(
  accountId: string,
  requests: readonly DeskRequest[],
): Promise<Result<readonly Decision[], PurserError>> {
  const decided = await enqueue(accountId, requests)
  return decided.ok ? ok(decided.value.map((outcome) => settledOutcome(outcome, requests.length))) : decided
}

/** Has one request about a hold decided. Errors: what the decision says, `unavailable`. */
export async function submitHold(
  request: Exclude<DeskRequest, { kind: 'record' }>,
): Promise<Result<HoldAnswered, PurserError>> {
  const decided = await submit(request.account.id, [request])
  if (!decided.ok) return decided
  const [decision] = decided.value
  if (decision === undefined) throw new Error('a request was not decided')
  if (!decision.ok) return decision
  if (decision.value.kind !== 'hold') throw new Error('a request about a hold was answered as usage')
  return ok(decision.value.hold)
}

function settledOutcome(settled: PromiseSettledResult<Decision>, count: number): Decision {
  if (settled.status === 'fulfilled') return settled.value
  if (count === 1) throw settled.reason
  log().error({ error: settled.reason as unknown }, 'a usage event could not be decided')
  return err({ code: 'unavailable' })
}

async function decideAndAnnounce(requests: readonly DeskRequest[]) {
  const decisions = await decideBatch(requests)
  for (const { account } of requests) announceBalance(account.id)
  return decisions
}
