import 'server-only'

import { accountClock, type Clock } from '@/lib/clock'
import { readTerms } from '@/lib/db/account-terms'
import { log } from '@/lib/log'

import type { DueSource, JobActor } from './due-contract'
import { dueSources } from './sources'
import { workDue } from './work-due'

/** What a sweep found: how many accounts had something due, and those of them where it could not be done. */
export type Swept = { readonly accounts: number; readonly troubled: readonly string[] }

const PAGE = 500
const MOST_PAGES = 20
const LANES = 4

/**
 * Does what is due by now in every account, each by its own time: real time never goes past a test clock. An account is worked once a
 * sweep; trouble with one is logged and the others go on. Two sweeps at once do nothing twice. Ends after a bounded number of pages: what
 * is left is found by the next sweep.
 */
export async function sweepDue(
  actor: JobActor,
  clock: Clock,
  sources: readonly DueSource[] = dueSources,
): Promise<Swept> {
  const seen = new Set<string>()
  const troubled: string[] = []
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const found = await findDueAccounts(sources, clock.now(), PAGE + seen.size)
    const fresh = found.filter((accountId) => !seen.has(accountId))
    if (fresh.length === 0) break
    for (const accountId of fresh) seen.add(accountId)
    for (let start = 0; start < fresh.length; start += LANES) {
      const lanes = fresh.slice(start, start + LANES).map(async (accountId) => {
        if (!(await workAccount(actor, accountId, clock, sources))) troubled.push(accountId)
      })
      await Promise.all(lanes)
    }
  }
  return { accounts: seen.size, troubled }
}

async function workAccount(
  actor: JobActor,
  accountId: string,
  clock: Clock,
  sources: readonly DueSource[],
): Promise<boolean> {
  try {
    const until = accountClock(await readTerms(accountId), clock).now()
    await workDue(actor, accountId, until, { sources })
    return true
  } catch (error) {
    log().error({ error, accountId }, 'what is due in an account could not be done')
    return false
  }
}

/** A source that cannot say what is due does not keep the others from being worked. */
async function findDueAccounts(sources: readonly DueSource[], until: Date, limit: number): Promise<readonly string[]> {
  const answers = await Promise.allSettled(sources.map((source) => source.dueAccounts(until, limit)))
  const found = answers.flatMap((answer, index) => {
    if (answer.status === 'fulfilled') return answer.value
    const source = sources[index]?.name
    log().error({ error: answer.reason as unknown, source }, 'a source could not say which accounts have something due')
    return []
  })
  return [...new Set(found)]
}
