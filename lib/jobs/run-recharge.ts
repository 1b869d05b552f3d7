import 'server-only'

import { z } from 'zod'

import { chargeWhatIsDue } from '@/lib/billing/charges/charge-what-is-due'
import { systemClock } from '@/lib/clock'

const payloadSchema = z.object({ accountId: z.uuid() })

/** Task `run_recharge`: charges the default card for what is due, since a debit called for a recharge or something was mended. */
export async function runRecharge(payload: unknown): Promise<void> {
  const { accountId } = payloadSchema.parse(payload)
  const run = await chargeWhatIsDue({ kind: 'job', task: 'run_recharge' }, accountId, 'other', systemClock)
  if (!run.ok) throw new Error(`account ${accountId}: ${run.error.code}`)
}
