import 'server-only'

import type { StoredHold } from '@/lib/db/holds'
import { showId } from '@/lib/db/ids'
import { formatAmount, type Amount } from '@/lib/money/amount'

import type { AuthorizationAnswer } from '../authorization-contract'

/** A hold as it is answered. */
export function toAuthorizationAnswer({ state, assetCode, scale, createdAt }: StoredHold): AuthorizationAnswer {
  const show = (value: Amount): string => formatAmount(value, scale)
  return {
    id: showId('hld', state.id),
    status: state.status,
    asset: assetCode,
    amount: show(state.amount),
    captured: show(state.captured),
    released: show(state.released),
    expires_at: state.expiresAt.toISOString(),
    created_at: createdAt.toISOString(),
  }
}
