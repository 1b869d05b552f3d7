import 'server-only'

import { query, type Tx } from './pool'

/** The tasks of the worker: one file each in `lib/jobs`. */
export type JobTask =
  | 'work_stripe_event'
  | 'check_payment'
  | 'send_mail'
  | 'sweep_due'
  | 'run_recharge'
  | 'settle_debt'
  | 'move_member_debt'

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

/** How the worker's own connections are named, so that another one sees that it is there. */
export const WORKER_NAME = 'purser-worker'

const OTHER_WORKERS = 'SELECT count(*)::int AS workers FROM pg_stat_activity WHERE application_name = $1'
const FREE_ABANDONED = 'SELECT free_abandoned_jobs()'

/**
 * Frees the jobs that a killed worker left locked, unless another worker is at work. Call it before this process starts to work.
 * A job that runs twice does nothing twice: every task is idempotent.
 */
export async function freeAbandonedJobs(): Promise<void> {
  const [row] = await query(OTHER_WORKERS, [WORKER_NAME])
  if (row?.['workers'] === 0) await query(FREE_ABANDONED)
}
