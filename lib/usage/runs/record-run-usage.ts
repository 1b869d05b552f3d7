import 'server-only'

import { findMembers } from '@/lib/db/account-members'
import { showId } from '@/lib/db/ids'
import { query } from '@/lib/db/pool'
import type { BilledStep, Run } from '@/lib/db/runs'
import { readUsageEvent, type RecordedUsage } from '@/lib/db/usage-events'
import type { PurserError } from '@/lib/errors'
import { ZERO_AMOUNT } from '@/lib/money/amount'
import { formatQuantity, wholeQuantity, type Quantity } from '@/lib/money/quantity'
import { ok, type Result } from '@/lib/result'

import type { RunAsked } from './check-run-credit'
import { recordUsage, recordWork } from '../record-usage'
import type { AccrualStep } from '../rules/run-accrual'
import { runEventId } from '../rules/run-event'
import type { UsageEvent } from '../rules/usage-event'

/** `may_refuse`: credit and limits decide whether the run goes on. `must_record`: it has run, so all of it is recorded. */
export type Obligation = 'may_refuse' | 'must_record'

/**
 * Records a stretch of a run as a usage event, once: its id names the run and the first unit, so a second stretch from that unit is a
 * replay or a conflict, and never a second charge. While a card pays what credit does not, missing credit refuses nothing; limits do.
 * Locks the wallet. Errors: insufficient_credits, spend_limit_exceeded, idempotency_conflict, unknown_meter, unpriced, invalid_input,
 * unavailable.
 */
export async function recordRunUsage(
  asked: RunAsked,
  run: Run,
  step: AccrualStep,
  obligation: Obligation,
): Promise<Result<BilledStep, PurserError>> {
  const recorded = await record(asked, run, step, obligation)
  if (recorded.ok || recorded.error.code !== 'insufficient_credits' || !(await isOnCard(asked, run))) return recorded
  return record(asked, run, step, 'must_record')
}

/** The card pays for the pool. A Lite member has their own credit and nothing else. */
async function isOnCard({ terms }: RunAsked, { subject: { member } }: Run): Promise<boolean> {
  if (terms.policy.at_zero !== 'charge_card') return false
  if (member === null || !terms.hasLiteMembers) return true
  return (await findMembers({ query }, terms.accountId, [member])).get(member)?.seat !== 'lite'
}

async function record(
  { actor, terms, now }: RunAsked,
  run: Run,
  step: AccrualStep,
  obligation: Obligation,
): Promise<Result<BilledStep, PurserError>> {
  const { accountId: id, organizationId, mode } = terms
  const verb = obligation === 'must_record' ? recordWork : recordUsage
  const recorded = await verb(actor, { id, organizationId, mode }, [eventOf(run, step)], { now: () => now })
  if (!recorded.ok) return recorded
  const [outcome] = recorded.value
  if (outcome === undefined) throw new Error('a stretch of a run was not decided')
  if (!outcome.ok) return outcome
  return ok(billedStep(run, step.fromUnit, step.units, outcome.value))
}

/** What the usage event of a run's next units has recorded, when there is one already: its writer could not say so. */
export async function findRunUsage(run: Run): Promise<BilledStep | null> {
  const { billedUnits: fromUnit } = run.state
  const event = await readUsageEvent(run.accountId, eventId(run, fromUnit))
  if (event === null) return null
  return billedStep(run, fromUnit, wholeUnits(event.quantity), event)
}

/** A run's amount is counted in the asset in which it began: units that a later price charges in another one are in the history alone. */
function billedStep(run: Run, fromUnit: number, units: number, usage: RecordedUsage): BilledStep {
  const amount = usage.assetCode === run.assetCode ? usage.amount : ZERO_AMOUNT
  return { fromUnit, toUnit: fromUnit + units, amount, walletId: usage.walletId }
}

function eventOf(run: Run, { fromUnit, units, occurredAt }: AccrualStep): UsageEvent {
  return {
    ...run.subject,
    id: eventId(run, fromUnit),
    organization: run.accountId,
    quantity: wholeQuantity(BigInt(units)),
    occurredAt,
    feature: null,
    cost: null,
  }
}

function eventId({ id }: Run, fromUnit: number): string {
  return runEventId(showId('run', id), fromUnit)
}

/** A run is only ever billed in whole units, and at least in one. */
function wholeUnits(quantity: Quantity): number {
  const text = formatQuantity(quantity)
  if (!/^[1-9]\d{0,14}$/.test(text)) throw new Error(`a stretch of a run has a quantity of ${text}`)
  return parseInt(text, 10)
}
