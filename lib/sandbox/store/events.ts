import { API_VERSION, type Context } from '../context'
import type { EventShape } from '../shapes'
import { newId } from './ids'
import { insertObject } from './objects'

/** How long deliveries gather before they go out newest first, when the reorder switch is on. */
export const REORDER_WINDOW_MS = 300

/** Records that something happened to an object, and queues its webhooks in the same transaction. */
export async function emit(context: Context, type: string, object: { id: string }): Promise<void> {
  const { tx, switches } = context
  const event: EventShape = {
    id: newId('event'),
    object: 'event',
    api_version: API_VERSION,
    created: context.now,
    data: { object: { ...object } },
    livemode: false,
    pending_webhooks: 1,
    request: { id: context.requestId, idempotency_key: context.idempotencyKey },
    type,
  }
  await insertObject(tx, 'event', event, {})
  const waitMs = Math.max(switches.delayMs, switches.reorder ? REORDER_WINDOW_MS : 0)
  await tx.query(
    `INSERT INTO stripe_sandbox.delivery (event_id, event_type, due_at)
     SELECT $1, $2, clock_timestamp() + $3 * interval '1 millisecond' FROM generate_series(0, $4)`,
    [event.id, type, waitMs, switches.duplicates],
  )
}
