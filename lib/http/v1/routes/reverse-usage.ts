import 'server-only'

import { entryAnswer } from '@/lib/usage/contract'
import { reversalInput, type ReversalInput } from '@/lib/usage/reversal-contract'
import { reverseUsage } from '@/lib/usage/reverse-usage'

import { idempotencyOf, param, respondOnce, route } from '../route'

/** `POST /usage/{event_id}/reversal`. */
export const reverseUsageRoute = route<ReversalInput>({
  method: 'POST',
  path: '/usage/{event_id}/reversal',
  summary: 'Take back part or all of what a usage event charged',
  body: reversalInput,
  needsIdempotencyKey: true,
  answers: { 201: { description: 'The reversal.', schema: entryAnswer } },
  handle: async (call) => {
    const { actor, body, clock } = call
    const reversed = await reverseUsage(actor, param(call, 'event_id'), body, idempotencyOf(call), clock)
    return respondOnce(201, reversed)
  },
})
