import type { Pool } from 'pg'
import { REORDER_WINDOW_MS } from '../store/events'
import { MOST_ATTEMPTS, waitAfterAttempt } from './back-off'

/** Deliveries that are shuffled together at most. */
const LARGEST_SHUFFLE = 100

/** A delivery whose time has come, with the event to send. */
export type Due = {
  readonly id: string
  readonly attempts: number
  readonly event: Record<string, unknown>
}

/** How the queue stands. */
export type QueueState = {
  readonly pending: number
  readonly delivered: number
  readonly lost: number
  readonly givenUp: number
}

/** What the merchant's endpoint answered, or why there was no answer. */
export type Sent = { readonly status: number | null; readonly error: string | null }

const DUE = `
  SELECT delivery.id, attempts, object.data AS event
  FROM stripe_sandbox.delivery JOIN stripe_sandbox.object ON object.id = event_id
  WHERE state = 'pending'`

/** The next deliveries that are due, oldest first. */
export async function takeDue(pool: Pool, most: number): Promise<readonly Due[]> {
  const due = `${DUE} AND due_at <= clock_timestamp() ORDER BY due_at, delivery.id LIMIT $1`
  return (await pool.query<Due>(due, [most])).rows
}

/** The deliveries that are due, and those that come due within the window, newest first. */
export async function takeShuffled(pool: Pool): Promise<readonly Due[]> {
  if ((await takeDue(pool, 1)).length === 0) return []
  const together = `${DUE} AND due_at <= clock_timestamp() + $2 * interval '1 millisecond' ORDER BY delivery.id DESC LIMIT $1`
  return (await pool.query<Due>(together, [LARGEST_SHUFFLE, REORDER_WINDOW_MS])).rows
}

/** Keeps what came of an attempt: delivered, tried again later, or given up. */
export async function recordAttempt(pool: Pool, due: Due, sent: Sent): Promise<void> {
  const attempts = due.attempts + 1
  const isDelivered = sent.status !== null && sent.status >= 200 && sent.status < 300
  const state = isDelivered ? 'delivered' : attempts >= MOST_ATTEMPTS ? 'given_up' : 'pending'
  await pool.query(
    `UPDATE stripe_sandbox.delivery SET state = $2, attempts = $3, last_status = $4, last_error = $5,
       due_at = clock_timestamp() + $6 * interval '1 millisecond',
       delivered_at = CASE WHEN $2 = 'delivered' THEN clock_timestamp() END
     WHERE id = $1`,
    [due.id, state, attempts, sent.status, sent.error, waitAfterAttempt(attempts)],
  )
}

/** The delivery vanishes: nobody will hear of it. */
export async function recordLoss(pool: Pool, due: Due): Promise<void> {
  await pool.query("UPDATE stripe_sandbox.delivery SET state = 'lost' WHERE id = $1", [due.id])
}

/** Makes everything that waits due now. */
export async function makeAllDue(pool: Pool): Promise<void> {
  await pool.query("UPDATE stripe_sandbox.delivery SET due_at = clock_timestamp() WHERE state = 'pending'")
}

/** Milliseconds until the next delivery is due; null when none waits. */
export async function waitUntilNext(pool: Pool): Promise<number | null> {
  const { rows } = await pool.query<{ wait: number | null }>(
    `SELECT (extract(epoch FROM min(due_at) - clock_timestamp()) * 1000)::float8 AS wait
     FROM stripe_sandbox.delivery WHERE state = 'pending'`,
  )
  return rows[0]?.wait ?? null
}

/** Counts the deliveries by state. */
export async function readQueueState(pool: Pool): Promise<QueueState> {
  const { rows } = await pool.query<{ state: string; count: number }>(
    'SELECT state, count(*)::int AS count FROM stripe_sandbox.delivery GROUP BY state',
  )
  const count = (state: string) => rows.find((row) => row.state === state)?.count ?? 0
  return {
    pending: count('pending'),
    delivered: count('delivered'),
    lost: count('lost'),
    givenUp: count('given_up'),
  }
}
