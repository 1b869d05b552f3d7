import 'server-only'

import type { Actor } from '@/lib/auth/rules/actor'
import { canOnInstallation } from '@/lib/auth/rules/permissions'
import { readTerms } from '@/lib/db/account-terms'
import { findAccountsWithDueRuns, findDueRuns, findRunningRuns, nextRunDue } from '@/lib/db/due-runs'
import type { PurserError } from '@/lib/errors'
import { err, ok, type Result } from '@/lib/result'

import { lookAtRun } from './look-at-run'

/** How many runs are looked at between two questions for more. */
const MOST_AT_ONCE = 200

/** Runs that fall due (`lib/schedule`): to be billed on, to be stopped, to be resumed. */
export const runSource = {
  name: 'runs',
  nextDue: nextRunDue,
  work: async (actor: Actor, accountId: string, at: Date): Promise<void> => {
    const looked = await lookAtDueRuns(actor, accountId, at)
    if (!looked.ok) throw new Error(`due runs of account ${accountId}: ${looked.error.code}`)
  },
  catchUp: async (actor: Actor, accountId: string, at: Date): Promise<void> => {
    const caughtUp = await lookAtRunningRuns(actor, accountId, at)
    if (!caughtUp.ok) throw new Error(`running runs of account ${accountId}: ${caughtUp.error.code}`)
  },
  dueAccounts: findAccountsWithDueRuns,
} as const

/** Looks at the runs of an account that are due at an instant, which is the time of every decision. Errors: forbidden. */
export async function lookAtDueRuns(actor: Actor, accountId: string, at: Date): Promise<Result<null, PurserError>> {
  if (!canOnInstallation(actor, 'runs:accrue')) return err({ code: 'forbidden' })
  for (let due = await findDueRuns(accountId, at, MOST_AT_ONCE); due.length > 0;) {
    await lookAtAll(actor, accountId, due, at)
    due = due.length < MOST_AT_ONCE ? [] : await findDueRuns(accountId, at, MOST_AT_ONCE)
  }
  return ok(null)
}

/** Bills the runs of an account that run up to an instant, due or not: at most 200 of them, the first due first. Errors: forbidden. */
async function lookAtRunningRuns(actor: Actor, accountId: string, at: Date): Promise<Result<null, PurserError>> {
  if (!canOnInstallation(actor, 'runs:accrue')) return err({ code: 'forbidden' })
  const running = await findRunningRuns(accountId, MOST_AT_ONCE)
  if (running.length > 0) await lookAtAll(actor, accountId, running, at)
  return ok(null)
}

async function lookAtAll(actor: Actor, accountId: string, ids: readonly string[], at: Date): Promise<void> {
  const terms = await readTerms(accountId)
  for (const id of ids) await lookAtRun({ actor, terms, now: at }, id, at)
}
