import 'server-only'

import { enqueueJob } from '@/lib/db/jobs'
import { inTransaction, type Tx } from '@/lib/db/pool'
import { saveRunLook, type Run, type RunDebt } from '@/lib/db/runs'
import { readWalletDebt } from '@/lib/db/wallet-debt'
import type { PurserError } from '@/lib/errors'
import { log } from '@/lib/log'
import { creditsForCents, cents, parseCreditRate } from '@/lib/money/cents'

import type { RunAsked } from './check-run-credit'
import { LONGEST_STEP_MS, nextLook, TICK_MS } from './rules/run-accrual'
import { watchDebt } from './rules/run-debt'

/**
 * Says when a run is to be looked at next, and has the card asked for the debt that a run goes on into, where the policy says so. A run
 * that could not be billed (its meter has lost its price) is tried again in an hour, or in a minute when nothing was wrong with it.
 */
export async function endLook(look: RunAsked, run: Run, error: PurserError | null): Promise<Run> {
  if (error !== null) log().warn({ run: run.id, code: error.code }, 'a run could not be billed')
  const dueAt = error === null ? nextLook(run.state, look.now, everyMs(look)) : retryAt(look, error)
  const isWatched = look.terms.policy.at_zero === 'charge_card' && run.walletId !== null
  if (!isWatched && dueAt?.getTime() === run.dueAt?.getTime()) return run
  await inTransaction(async (tx) => {
    const debt = isWatched ? await askForDebt(tx, look, run) : run.debt
    await saveRunLook(tx, run, dueAt, debt)
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

async function askForDebt(tx: Tx, { terms, now }: RunAsked, run: Run): Promise<RunDebt> {
  const { accountId, policy } = terms
  const debt = run.walletId === null ? 0n : await readWalletDebt(tx, accountId, run.walletId)
  const rate = parseCreditRate(policy.credits_per_usd)
  if (!rate.ok) throw new Error(`account ${accountId} has a rate that cannot be read`)
  const limit = creditsForCents(cents(BigInt(policy.debt_limit_cents)), rate.value, run.scale)
  const watch = watchDebt(run.debt, { debt, limit, isRunning: run.state.status === 'running' }, now)
  if (watch.isToBeSettled) {
    await enqueueJob(tx, { task: 'settle_debt', payload: { accountId }, key: `settle_debt:${accountId}` })
  }
  return watch.debt
}
