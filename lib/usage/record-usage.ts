import 'server-only'

import type { Actor } from '@/lib/auth/rules/actor'
import { can } from '@/lib/auth/rules/permissions'
import type { Clock } from '@/lib/clock'
import type { PurserError } from '@/lib/errors'
import { err, ok, type Result } from '@/lib/result'

import type { Decision, RecordRequest, UsageAccount, UsageOutcome } from './desk/request'
import { submit } from './desk/submit'
import type { UsageEvent } from './rules/usage-event'

type Outcome = Result<UsageOutcome, PurserError>

/**
 * Records usage events of one account: rates each at the price in force when it occurred and takes the charge from the right
 * grants, once per event id. Each event stands alone; the outcomes come in the order given. Locks the wallets it spends from.
 * Errors: `forbidden`, `unavailable` for all; per event `unknown_meter`, `unpriced`, `spend_limit_exceeded`, `insufficient_credits`,
 * `idempotency_conflict`, `invalid_input`.
 */
export async function recordUsage(
  actor: Actor,
  account: UsageAccount,
  events: readonly UsageEvent[],
  clock: Clock,
): Promise<Result<readonly Outcome[], PurserError>> {
  if (!can(actor, 'usage:record', account)) return err({ code: 'forbidden' })
  return record(actor, account, events, 'may_refuse', clock)
}

/**
 * Records work that was done, as the end of a run: no spend limit and no missing credit refuses it, and what is not covered becomes debt
 * (api.md, Readings). Once per event id. Errors as `recordUsage`, without those two.
 */
export async function recordWork(
  actor: Actor,
  account: UsageAccount,
  events: readonly UsageEvent[],
  clock: Clock,
): Promise<Result<readonly Outcome[], PurserError>> {
  if (!can(actor, 'usage:record', account)) return err({ code: 'forbidden' })
  return record(actor, account, events, 'must_record', clock)
}

async function record(
  actor: Actor,
  account: UsageAccount,
  events: readonly UsageEvent[],
  obligation: RecordRequest['obligation'],
  clock: Clock,
): Promise<Result<readonly Outcome[], PurserError>> {
  const requests = events.map((event): RecordRequest => ({ kind: 'record', actor, account, event, obligation, clock }))
  const decided = await submit(account.id, requests)
  return decided.ok ? ok(decided.value.map(usageOf)) : decided
}

function usageOf(decision: Decision): Outcome {
  if (!decision.ok) return decision
  if (decision.value.kind !== 'usage') throw new Error('a usage event was answered as a hold')
  return ok(decision.value.usage)
}
