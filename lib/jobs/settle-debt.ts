import 'server-only'

import { z } from 'zod'

import { chargeWhatIsDue } from '@/lib/billing/charges/charge-what-is-due'
import { systemClock } from '@/lib/clock'

const payloadSchema = z.object({ accountId: z.uuid(), occasion: z.enum(['run_ended', 'other']) })

/** Task `settle_debt`: charges debt to the default card when a run has ended or it is due by its size or age; notes it otherwise. */
export async function settleDebt(payload: unknown): Promise<void> {
  const { accountId, occasion } = payloadSchema.parse(payload)
  const run = await chargeWhatIsDue({ kind: 'job', task: 'settle_debt' }, accountId, occasion, systemClock)
  if (!run.ok) throw new Error(`account ${accountId}: ${run.error.code}`)
}
