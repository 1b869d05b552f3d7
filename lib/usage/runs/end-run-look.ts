import 'server-only'

import { enqueueSettlement } from '@/lib/db/charge-jobs'
import { inTransaction, type Tx } from '@/lib/db/pool'
import { saveRunLook, type Run } from '@/lib/db/runs'
import { readWalletDebt } from '@/lib/db/wallet-debt'
import type { PurserError } from '@/lib/errors'
import { log } from '@/lib/log'

import type { RunAsked } from './check-run-credit'
import { LONGEST_STEP_MS, nextLook, TICK_MS } from '../rules/run-accrual'

/**
 * Says when a run is to be looked at next, and has the card asked for the debt that a run leaves, where the policy says so. A run that could
 * not be billed (its meter has lost its price) is tried again in an hour, or in a minute when nothing was wrong with it.
 */
export async function endLook(asked: RunAsked, run: Run, error: PurserError | null): Promise<Run> {
  if (error !== null) log().warn({ run: run.id, code: error.code }, 'a run could not be billed')
  const dueAt = error === null ? nextLook(run.state, asked.now, everyMs(asked)) : retryAt(asked, error)
  const isOnCard = asked.terms.policy.at_zero === 'charge_card'
  if (!isOnCard && dueAt?.getTime() === run.dueAt?.getTime()) return run
  await inTransaction(async (tx) => {
    if (isOnCard) await askForDebt(tx, run)
    await saveRunLook(tx, run, dueAt)
  })
  return run
}

/** A moved clock goes by hours: between them nobody but the caller sees the run. */
function everyMs({ terms }: RunAsked): number {
  return terms.clockAt === null ? TICK_MS : LONGEST_STEP_MS
}

function retryAt({ now }: RunAsked, error: PurserError): Date {
  return new Date(now.getTime() + (error.code === 'unavailable' ? TICK_MS : LONGEST_STEP_MS))
}

/** The debt of a run that has ended is charged at once, that of one which goes on when it is large or old enough: the task decides. */
async function askForDebt(tx: Tx, { accountId, walletId, state }: Run): Promise<void> {
  if (walletId === null || (await readWalletDebt(tx, accountId, walletId)) === 0n) return
  await enqueueSettlement(tx, accountId, state.status === 'running' ? 'other' : 'run_ended')
}
