import 'server-only'

import { actorLabel } from '@/lib/auth/rules/actor'
import { newId } from '@/lib/db/ids'
import type { NewEntry } from '@/lib/db/journal'
import type { RecordedUsage } from '@/lib/db/usage-events'
import { summarize } from '@/lib/ledger/balance'
import type { EntryDraft } from '@/lib/ledger/types'
import { ZERO_QUANTITY } from '@/lib/money/quantity'

import { describeUsage } from '../rules/describe-usage'
import { localDay } from '../rules/period'
import type { AccountDesk, OpenWallet } from './account-desk'
import { subjectOf, type Cost, type Prepared } from './prepare'
import { meterOf, type RatedCost } from './rate-cost'

/** A usage event that was decided, before it is laid down. */
export type DecidedEvent = {
  readonly id: string
  readonly bodyHash: string
  readonly cost: Exclude<Cost, { kind: 'nothing' }>
  readonly rated: RatedCost
  readonly entryId: string | null
  readonly wallet: OpenWallet
  readonly assetCode: string
}

/** Lays a decided usage event down to be written with its batch, and answers it as it will be remembered. */
export function layEvent(desk: AccountDesk, prepared: Prepared, decided: DecidedEvent): RecordedUsage {
  const { id, bodyHash, cost, rated, entryId, wallet, assetCode } = decided
  const { balance, id: walletId, scale } = wallet.now.wallet
  const { available } = summarize(wallet.now, desk.now)
  const recorded: RecordedUsage = {
    ...{ id, bodyHash, walletId, assetCode, scale, entryId, available, balanceAfter: balance },
    ...{ outcome: rated.outcome, amount: rated.amount, covered: rated.covered },
  }
  const { member, key, resource, model, feature, dimensions } = subjectOf(prepared.request)
  desk.recorded.set(id, recorded)
  desk.records.push({
    ...recorded,
    ...{ member, key, resource, model, feature, dimensions },
    accountId: desk.terms.accountId,
    meter: meterOf(prepared.request) ?? '',
    priceId: cost.kind === 'priced' ? cost.priced.price.id : null,
    quantity: cost.kind === 'priced' ? cost.priced.event.quantity : ZERO_QUANTITY,
    usedBefore: rated.usedBefore,
    cost: costOf(prepared.request),
    occurredAt: rated.occurredAt,
    createdAt: desk.now,
    day: localDay(rated.occurredAt, desk.terms.timeZone),
  })
  return recorded
}

/** The journal's line of a usage event, with the id under which the event names it. */
export function usageEntry(
  draft: EntryDraft,
  { request }: Prepared,
  event: { readonly id: string; readonly cost: Cost; readonly now: Date; readonly hold: string | null },
): NewEntry {
  return {
    draft,
    details: {
      id: newId(),
      createdAt: event.now,
      idempotencyKey: `usage:${event.id}`,
      actor: actorLabel(request.actor),
      description: event.cost.kind === 'priced' ? describeUsage(event.cost.priced) : describeAmount(request),
      references: {
        event: event.id,
        hold: event.hold,
        grant: draft.allocations.length === 1 ? (draft.allocations[0]?.grantId ?? null) : null,
      },
    },
  }
}

function describeAmount(request: Prepared['request']): string {
  const { resource, feature, model } = subjectOf(request)
  const target = resource ?? feature ?? model
  return target === null ? 'Captured amount' : `Captured amount for ${target}`
}

function costOf(request: Prepared['request']) {
  if (request.kind === 'record') return request.event.cost
  return request.kind === 'capture' ? request.cost : null
}
