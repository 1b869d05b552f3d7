import 'server-only'

import { hash } from 'node:crypto'

import type { Shortfall } from '@/lib/ledger/types'
import { err, ok } from '@/lib/result'

import { debitEvent } from '../rules/charge-event'
import { shortfallOf } from '../rules/shortfall'
import { canonicalUsageBody } from '../rules/usage-event'
import { walletOf, type AccountDesk } from './account-desk'
import type { Prepared } from './prepare'
import { contextOf, countCost, countUnderLimits, rateCost, refuseOverLimit } from './rate-cost'
import { limitsOf } from './read-counters'
import { layEvent, usageEntry } from './record-event'
import type { Decision, RecordRequest, UsageOutcome } from './request'

/**
 * Decides a usage event: allowance, price, limits, grants. A replay is recognized before anything else: what was recorded stays recorded,
 * whatever the price list says today. A refusal changes nothing on the desk.
 */
export function decideRecord(desk: AccountDesk, prepared: Prepared, request: RecordRequest): Decision {
  const { event } = request
  const bodyHash = hash('sha256', canonicalUsageBody(event), 'hex')
  const known = desk.recorded.get(event.id)
  if (known !== undefined) {
    return known.bodyHash === bodyHash
      ? outcome({ ...known, isDuplicate: true })
      : err({ code: 'idempotency_conflict' })
  }
  if (!prepared.understood.ok) return prepared.understood
  const { wallet: name, cost } = prepared.understood.value
  if (cost.kind === 'nothing') throw new Error('a usage event has a price')
  const rated = rateCost(desk, cost, null)
  if (!rated.ok) return rated
  const { amount, occurredAt } = rated.value

  const mustRecord = request.obligation === 'must_record'
  const limits = limitsOf(desk, prepared)
  const allowed = mustRecord ? ok(null) : refuseOverLimit(limits, amount)
  if (!allowed.ok) return allowed
  const wallet = walletOf(desk, name.assetCode, name.memberId)
  let entryId: string | null = null
  if (amount > 0n) {
    const { assetCode: asset, scale } = name
    const terms = { isPool: name.memberId === null, scale, unpinned: wallet.unpinned, occurredAt }
    const shortfall: Shortfall = mustRecord ? 'debt' : shortfallOf(desk.terms.policy, terms)
    const debit = { amount, context: contextOf(prepared), occurredAt, shortfall, asset, scale }
    const spent = debitEvent(wallet.now, debit)
    if (!spent.ok) return spent
    const entry = usageEntry(spent.value.entry, prepared, { id: event.id, cost, now: desk.now, hold: null })
    wallet.now = spent.value.book
    wallet.entries.push(entry)
    entryId = entry.details.id
  }
  countCost(desk, cost, rated.value)
  countUnderLimits(limits, amount, 0n)
  const decided = { id: event.id, bodyHash, cost, rated: rated.value, entryId, wallet, assetCode: name.assetCode }
  return outcome({ ...layEvent(desk, prepared, decided), isDuplicate: false })
}

function outcome(usage: UsageOutcome): Decision {
  return ok({ kind: 'usage', usage })
}
