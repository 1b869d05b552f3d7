import 'server-only'

import { z } from 'zod'

import { moveMemberDebts } from '@/lib/billing/periods/move-member-debt'
import { systemClock } from '@/lib/clock'

const payloadSchema = z.object({ accountId: z.uuid() })

/** Task `move_member_debt`: lets the pool pay what wallets of Pro members' own owe. */
export async function moveMemberDebt(payload: unknown): Promise<void> {
  const { accountId } = payloadSchema.parse(payload)
  await moveMemberDebts({ kind: 'job', task: 'move_member_debt' }, accountId, systemClock)
}
