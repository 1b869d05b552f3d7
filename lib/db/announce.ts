import 'server-only'

import { query } from './pool'

/** The channel on which every process hears that a balance has changed; the payload is the billing account's id. */
export const BALANCE_CHANNEL = 'purser_balance'

const QUIET_MS = 200
const NOTIFY = 'SELECT pg_notify($1, account.id) FROM unnest($2::text[]) AS account (id)'

const changed = new Set<string>()
let timer: NodeJS.Timeout | undefined

/**
 * Says that an account's balance may have changed, to every process that shows it. Call it after the commit. Returns at once and
 * never throws: a notice that is lost is made good by the next one. All accounts that change within 200 ms go out in one statement,
 * each once.
 */
export function announceBalance(accountId: string): void {
  changed.add(accountId)
  timer ??= setTimeout(announceChanged, QUIET_MS).unref()
}

function announceChanged(): void {
  timer = undefined
  const accounts = [...changed]
  changed.clear()
  query(NOTIFY, [BALANCE_CHANNEL, accounts]).catch(() => undefined)
}
