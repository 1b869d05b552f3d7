import 'server-only'

import { Logger, run, type TaskList } from 'graphile-worker'

import { freeAbandonedJobs, WORKER_NAME, type JobTask } from '@/lib/db/jobs'
import { env } from '@/lib/env'
import { log } from '@/lib/log'

import { checkPayment } from './check-payment'
import { moveMemberDebt } from './move-member-debt'
import { runRecharge } from './run-recharge'
import { sendMail } from './send-mail'
import { settleDebt } from './settle-debt'
import { sweepDue } from './sweep-due'
import { workStripeEvent } from './work-stripe-event'

const CONCURRENCY = 4
const POLL_INTERVAL_MS = 1_000

const TASKS: Readonly<Record<JobTask, TaskList[string]>> = {
  check_payment: checkPayment,
  move_member_debt: moveMemberDebt,
  run_recharge: runRecharge,
  send_mail: sendMail,
  settle_debt: settleDebt,
  sweep_due: sweepDue,
  work_stripe_event: workStripeEvent,
}

/** One sweep waits at a time, and is tried once: the next minute brings another. It is in no queue, which a killed worker would leave locked. */
export const CRONTAB = '* * * * * sweep_due ?jobKey=sweep_due&max=1'

/** A worker at work. */
export type Worker = { readonly stop: () => Promise<void> }

/** Works on the queue until it is stopped: a job that runs is finished, one that fails is tried again later. */
export async function startWorker(): Promise<Worker> {
  await freeAbandonedJobs()
  const connection = new URL(env().DATABASE_URL)
  connection.searchParams.set('application_name', WORKER_NAME)
  const runner = await run({
    connectionString: connection.toString(),
    concurrency: CONCURRENCY,
    pollInterval: POLL_INTERVAL_MS,
    noHandleSignals: true,
    taskList: { ...TASKS },
    crontab: CRONTAB,
    logger: new Logger((scope) => (level, message) => {
      if (level === 'error' || level === 'warning') log().warn({ job: scope.taskIdentifier }, message)
    }),
  })
  return { stop: () => runner.stop() }
}
