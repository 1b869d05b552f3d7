import 'server-only'

import type { Tx } from './pool'

/** The tasks of the worker: one file each in `lib/jobs`. */
export type JobTask = 'work_stripe_event' | 'check_payment' | 'send_mail'

/** A job that is to run once its transaction has committed. */
export type NewJob = {
  readonly task: JobTask
  readonly payload: Readonly<Record<string, string>>
  /** A job that waits under the same key is replaced, so that a thing is never queued twice. */
  readonly key: string
  readonly runAt?: Date
  readonly maxAttempts?: number
}

const ENQUEUE = 'SELECT enqueue_job($1, $2, $3, $4, $5)'
const DEFAULT_ATTEMPTS = 12

/** Queues a job in the caller's transaction: it exists exactly if what it is about was committed. */
export async function enqueueJob(tx: Tx, job: NewJob): Promise<void> {
  const { task, payload, key, runAt, maxAttempts = DEFAULT_ATTEMPTS } = job
  await tx.query(ENQUEUE, [task, JSON.stringify(payload), key, runAt ?? null, maxAttempts])
}
