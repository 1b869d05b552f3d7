import 'server-only'

import { showId } from '@/lib/db/ids'
import type { GrantState } from '@/lib/ledger/types'
import { formatAmount, type Amount } from '@/lib/money/amount'

import type { GrantAnswer } from './grant-contract'
import { grantStatus } from './rules/plan-grant'

/** Whose a grant is, and what it is counted in. */
export type GrantPlace = { readonly organizationId: string; readonly assetCode: string; readonly scale: number }

/** A grant as it is answered at an instant. */
export function toGrantAnswer(grant: GrantState, place: GrantPlace, now: Date): GrantAnswer {
  const show = (value: Amount): string => formatAmount(value, place.scale)
  return {
    id: showId('grt', grant.id),
    organization: showId('org', place.organizationId),
    asset: place.assetCode,
    source: grant.source,
    purpose: grant.purpose,
    amount: show(grant.amount),
    remaining: show(grant.remaining),
    held: show(grant.held),
    priority: grant.priority,
    scope: grant.scope === null ? null : { ...grant.scope },
    effective_at: grant.effectiveAt.toISOString(),
    expires_at: grant.expiresAt?.toISOString() ?? null,
    cost_basis_cents: parseInt(grant.costBasisCents.toString(), 10),
    status: grantStatus(grant, now),
  }
}
