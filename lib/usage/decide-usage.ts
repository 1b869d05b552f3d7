import 'server-only'

import { createHash } from 'node:crypto'

import { actorLabel, type Actor, type Mode } from '@/lib/auth/rules/actor'
import type { Clock } from '@/lib/clock'
import { readCatalogue, type Catalogue } from '@/lib/db/catalogue'
import { newId } from '@/lib/db/ids'
import { inTransaction } from '@/lib/db/pool'
import type { RecordedUsage } from '@/lib/db/usage-events'
import type { PurserError } from '@/lib/errors'
import type { EntryDraft } from '@/lib/ledger/types'
import { ZERO_QUANTITY } from '@/lib/money/quantity'
import { err, ok, type Result } from '@/lib/result'

import { chargeEvent, type EventCharge } from './rules/charge-event'
import { describeUsage } from './rules/describe-usage'
import { priceEvent, type MeteredAt, type PricedEvent } from './rules/price-event'
import { canonicalUsageBody, type UsageEvent } from './rules/usage-event'
import { closeDesk, counterOf, countOn, openDesk, walletOf, type UsageDesk } from './usage-desk'

/** The billing account that usage is recorded for. */
export type UsageAccount = {
  readonly id: string
  readonly organizationId: string
  readonly mode: Mode
  readonly timeZone: string
  readonly anchorDay: number
}

/** One usage event that waits to be decided. */
export type UsageRequest = {
  readonly actor: Actor
  readonly account: UsageAccount
  readonly event: UsageEvent
  readonly clock: Clock
}

/** What became of a usage event. `isDuplicate`: these are the figures of the first time. */
export type UsageOutcome = RecordedUsage & { readonly isDuplicate: boolean }

type Decision = Result<UsageOutcome, PurserError>

/**
 * Decides a batch of usage events of one account in one transaction, in the order given, each with an outcome of its own.
 * Locks the wallets they are paid from. A refusal writes nothing.
 */
export async function decideUsage(requests: readonly UsageRequest[]): Promise<readonly Decision[]> {
  const first = requests[0]
  if (first === undefined) return []
  const { account, clock } = first
  return inTransaction(async (tx) => {
    const catalogue = await readCatalogue(account.mode, tx)
    const now = clock.now()
    const priced = requests.map(({ event }) => priceEvent(event, meterOf(catalogue, event.meter), account, now))
    const accepted = priced.flatMap((result) => (result.ok ? [result.value] : []))
    const ids = requests.map(({ event }) => event.id)
    const desk = await openDesk(tx, account.id, catalogue, { ids, priced: accepted, now })
    const decisions = requests.map((request, index) => decideEvent(desk, request, priced[index], now))
    await closeDesk(tx, desk)
    return decisions
  })
}

/** A replay is recognized before anything else: what was recorded stays recorded, whatever the price list says today. */
function decideEvent(
  desk: UsageDesk,
  { actor, event }: UsageRequest,
  pricing: Result<PricedEvent, PurserError> | undefined,
  now: Date,
): Decision {
  if (pricing === undefined) throw new Error('every request is priced')
  const bodyHash = createHash('sha256').update(canonicalUsageBody(event)).digest('hex')
  const known = desk.recorded.get(event.id)
  if (known !== undefined) {
    return known.bodyHash === bodyHash ? ok({ ...known, isDuplicate: true }) : err({ code: 'idempotency_conflict' })
  }
  return pricing.ok ? chargeNewEvent(desk, actor, pricing.value, bodyHash, now) : pricing
}

function chargeNewEvent(desk: UsageDesk, actor: Actor, priced: PricedEvent, bodyHash: string, now: Date): Decision {
  const { event } = priced
  const wallet = walletOf(desk, priced)
  const counter = counterOf(desk, priced)
  const usedBefore = counter.used
  const charged = chargeEvent(wallet.now, priced, usedBefore, now, 'refuse')
  if (!charged.ok) return charged
  const { book, charge } = charged.value
  const entryId = charge.entry === null ? null : newId()
  wallet.now = book
  if (charge.entry !== null && entryId !== null) {
    wallet.entries.push({ draft: charge.entry, details: entryDetails(entryId, actor, priced, charge.entry, now) })
  }
  countOn(counter, charge.billableQuantity)
  const outcome = recordedUsage(priced, charge, book.wallet.id, bodyHash, entryId)
  desk.recorded.set(event.id, outcome)
  desk.records.push({
    ...event,
    ...outcome,
    meter: event.meter,
    priceId: priced.price.id,
    usedBefore,
    occurredAt: priced.occurredAt,
    createdAt: now,
    day: priced.day,
  })
  return ok({ ...outcome, isDuplicate: false })
}

function recordedUsage(
  { event, price }: PricedEvent,
  charge: EventCharge,
  walletId: string,
  bodyHash: string,
  entryId: string | null,
): RecordedUsage {
  return {
    id: event.id,
    bodyHash,
    walletId,
    assetCode: price.asset,
    scale: price.scale,
    outcome: charge.outcome,
    amount: charge.amount,
    covered: ZERO_QUANTITY,
    entryId,
    balanceAfter: charge.balanceAfter,
    available: charge.available,
  }
}

function entryDetails(id: string, actor: Actor, priced: PricedEvent, draft: EntryDraft, now: Date) {
  return {
    id,
    createdAt: now,
    idempotencyKey: `usage:${priced.event.id}`,
    actor: actorLabel(actor),
    description: describeUsage(priced),
    references: {
      event: priced.event.id,
      grant: draft.allocations.length === 1 ? (draft.allocations[0]?.grantId ?? null) : null,
    },
  }
}

function meterOf(catalogue: Catalogue, key: string): MeteredAt | null {
  const meter = catalogue.meters.get(key)
  return meter === undefined ? null : { ...meter, versions: catalogue.prices.get(key) ?? [] }
}
