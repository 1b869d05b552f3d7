import 'server-only'

import { query, type Tx } from './pool'

/** What Stripe told us. `notice` is in our own words; the object it is about is read again when it is worked on. */
export type StoredEvent<Notice> = {
  readonly id: string
  readonly type: string
  readonly status: 'received' | 'done' | 'parked'
  readonly attempts: number
  readonly notice: Notice
}

const INSERT = `INSERT INTO stripe_event (id, type, mode, notice, created_at, received_at, status) VALUES ($1, $2, $3, $4, $5, $6, 'received')
  ON CONFLICT (id) DO NOTHING RETURNING id`
const READ = 'SELECT id, type, status, attempts, notice FROM stripe_event WHERE id = $1'
const FINISH = `UPDATE stripe_event SET status = $2, outcome = $3, attempts = attempts + 1, worked_at = $4 WHERE id = $1 AND status <> 'done'`

/** An event to be stored. */
export type NewStripeEvent = {
  readonly id: string
  readonly type: string
  readonly mode: 'live' | 'test'
  readonly notice: unknown
  readonly createdAt: Date
  readonly receivedAt: Date
}

/** Stores an event before anything is done about it. False when it was stored before. */
export async function insertStripeEvent(tx: Tx, event: NewStripeEvent): Promise<boolean> {
  const { id, type, mode, notice, createdAt, receivedAt } = event
  const rows = await tx.query(INSERT, [id, type, mode, JSON.stringify(notice), createdAt, receivedAt])
  return rows.length === 1
}

/** A stored event, or null. */
export async function findStripeEvent<Notice>(id: string): Promise<StoredEvent<Notice> | null> {
  const [row] = await query(READ, [id])
  if (row === undefined) return null
  return {
    id: row['id'] as string,
    type: row['type'] as string,
    status: row['status'] as StoredEvent<Notice>['status'],
    attempts: row['attempts'] as number,
    notice: row['notice'] as Notice,
  }
}

/** Writes down what was done about an event: `done`, `parked` for a person to look at, or `received` to be tried again. */
export async function finishStripeEvent(
  id: string,
  status: 'received' | 'done' | 'parked',
  outcome: string,
  now: Date,
): Promise<void> {
  await query(FINISH, [id, status, outcome, now])
}
