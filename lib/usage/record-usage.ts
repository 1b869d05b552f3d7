import 'server-only'

import type { Actor } from '@/lib/auth/rules/actor'
import { can } from '@/lib/auth/rules/permissions'
import type { Clock } from '@/lib/clock'
import { announceBalance } from '@/lib/db/announce'
import type { PurserError } from '@/lib/errors'
import { log } from '@/lib/log'
import { err, ok, type Result } from '@/lib/result'

import { coalesce } from './coalesce'
import { decideUsage, type UsageAccount, type UsageOutcome, type UsageRequest } from './decide-usage'
import type { UsageEvent } from './rules/usage-event'

const MAX_BATCH = 500
const MAX_WAITING = 20_000
const MAX_ACTIVE = 6

type Outcome = Result<UsageOutcome, PurserError>

/** Concurrent usage of one account is decided together; see `coalesce`. */
const enqueue = coalesce<UsageRequest, Outcome>({
  work: decideAndAnnounce,
  maxBatch: MAX_BATCH,
  maxWaiting: MAX_WAITING,
  maxActive: MAX_ACTIVE,
})

/**
 * Records usage events of one account: rates each at the price in force when it occurred and takes the charge from the right
 * grants, once per event id. Each event stands alone; the outcomes come in the order given. Locks the wallets it spends from.
 * Errors: `forbidden`, `unavailable` for all; per event `unknown_meter`, `unpriced`, `insufficient_credits`,
 * `idempotency_conflict`, `invalid_input`.
 */
export async function recordUsage(
  actor: Actor,
  account: UsageAccount,
  events: readonly UsageEvent[],
  clock: Clock,
): Promise<Result<readonly Outcome[], PurserError>> {
  if (!can(actor, 'usage:record', account)) return err({ code: 'forbidden' })
  const decided = await enqueue(
    account.id,
    events.map((event) => ({ actor, account, event, clock })),
  )
  return decided.ok ? ok(decided.value.map((outcome) => settledOutcome(outcome, events.length))) : decided
}

/** Unforeseen trouble of the only event is the caller's to hear as it is; among several it stays with its own event. */
function settledOutcome(settled: PromiseSettledResult<Outcome>, count: number): Outcome {
  if (settled.status === 'fulfilled') return settled.value
  if (count === 1) throw settled.reason
  log().error({ error: settled.reason as unknown }, 'a usage event could not be decided')
  return err({ code: 'unavailable' })
}

async function decideAndAnnounce(accountId: string, requests: readonly UsageRequest[]) {
  const outcomes = await decideUsage(requests)
  announceBalance(accountId)
  return outcomes
}
