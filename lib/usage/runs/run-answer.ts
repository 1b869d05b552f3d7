import 'server-only'

import { showId } from '@/lib/db/ids'
import type { Run } from '@/lib/db/runs'
import { formatAmount } from '@/lib/money/amount'

import type { RunAnswer } from '../run-contract'

/** A run as it is answered. */
export function toRunAnswer(run: Run, organizationId: string): RunAnswer {
  const { state } = run
  return {
    id: showId('run', run.id),
    external_id: run.externalId,
    organization: showId('org', organizationId),
    status: state.status,
    started_at: state.startedAt.toISOString(),
    ready_at: state.readyAt?.toISOString() ?? null,
    stopped_at: state.stoppedAt?.toISOString() ?? null,
    billed_quantity: state.billedUnits.toString(),
    amount: formatAmount(run.amount, run.scale),
    asset: run.assetCode,
    stop_reason: state.stopReason,
  }
}
