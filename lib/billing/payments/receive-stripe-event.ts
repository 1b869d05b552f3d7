import 'server-only'

import type { Clock } from '@/lib/clock'
import { enqueueJob } from '@/lib/db/jobs'
import { inTransaction } from '@/lib/db/pool'
import { insertStripeEvent } from '@/lib/db/stripe-events'
import type { StripeNotice } from '@/lib/stripe/events/notice'

/** What the sender of an event is told. */
export type EventReceipt = { readonly id: string; readonly stored: 'new' | 'known' }

/**
 * Stores a verified event of Stripe and queues the work on it, in one transaction: what was answered with 200 is never lost, and
 * what arrives twice is worked on once.
 */
export async function receiveStripeEvent(event: StripeNotice, { now }: Clock): Promise<EventReceipt> {
  const { id, type, notice, createdAt } = event
  const mode = event.livemode ? 'live' : 'test'
  const isNew = await inTransaction(async (tx) => {
    const stored = await insertStripeEvent(tx, { id, type, mode, notice, createdAt, receivedAt: now() })
    if (stored) await enqueueJob(tx, { task: 'work_stripe_event', payload: { eventId: id }, key: `stripe_event:${id}` })
    return stored
  })
  return { id, stored: isNew ? 'new' : 'known' }
}
