import 'server-only'

import type { Actor } from '@/lib/auth/rules/actor'
import { canOnInstallation } from '@/lib/auth/rules/permissions'
import { readTerms } from '@/lib/db/account-terms'
import { findAccountsWithDueRuns, findDueRuns, findRunningRuns, nextRunDue, type RunPage } from '@/lib/db/due-runs'
import type { PurserError } from '@/lib/errors'
import { err, ok, type Result } from '@/lib/result'
import type { DueSource } from '@/lib/schedule/due-contract'

import { lookAtRun } from './look-at-run'

const PAGE = 200
/** How many runs of an account are looked at at once: their usage is decided together. */
const LANES = 4

/** Runs that fall due (`lib/schedule`): to be billed on, to be stopped, to be resumed. */
export const runSource: DueSource = {
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
}

/** Looks at the runs of an account that are due at an instant, which is the time of every decision. Errors: forbidden. */
export async function lookAtDueRuns(actor: Actor, accountId: string, at: Date): Promise<Result<null, PurserError>> {
  return lookAtEach(actor, accountId, at, (page) => findDueRuns(accountId, at, page))
}

/** Bills the runs of an account that run up to an instant, due or not. Errors: forbidden. */
async function lookAtRunningRuns(actor: Actor, accountId: string, at: Date): Promise<Result<null, PurserError>> {
  return lookAtEach(actor, accountId, at, (page) => findRunningRuns(accountId, page))
}

/** Trouble with one run is thrown when all the others have been looked at. */
async function lookAtEach(
  actor: Actor,
  accountId: string,
  at: Date,
  find: (page: RunPage) => Promise<readonly string[]>,
): Promise<Result<null, PurserError>> {
  if (!canOnInstallation(actor, 'runs:accrue')) return err({ code: 'forbidden' })
  const troubles: unknown[] = []
  for (let ids = await find({ after: null, limit: PAGE }); ids.length > 0;) {
    const terms = await readTerms(accountId)
    for (let start = 0; start < ids.length; start += LANES) {
      const lanes = ids.slice(start, start + LANES)
      const looked = await Promise.allSettled(lanes.map((id) => lookAtRun({ actor, terms, now: at }, id, at)))
      troubles.push(...looked.flatMap((look) => (look.status === 'rejected' ? [look.reason as unknown] : [])))
    }
    ids = await find({ after: ids.at(-1) ?? null, limit: PAGE })
  }
  if (troubles.length > 0) throw troubles[0]
  return ok(null)
}
