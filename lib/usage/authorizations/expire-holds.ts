import 'server-only'

import type { Actor } from '@/lib/auth/rules/actor'
import { canOnInstallation } from '@/lib/auth/rules/permissions'
import { accountsWithDueHolds, readAccountDueHolds, readNextHoldExpiry } from '@/lib/db/holds'
import { findAccount } from '@/lib/db/organizations'
import type { PurserError } from '@/lib/errors'
import { err, ok, type Result } from '@/lib/result'
import type { DueSource } from '@/lib/schedule/due-contract'

import type { DeskRequest } from '../desk/request'
import { submit } from '../desk/submit'

/** Authorizations that nobody captured in time (`lib/schedule`). */
export const holdSource: DueSource = {
  name: 'holds',
  nextDue: readNextHoldExpiry,
  work: async (actor: Actor, accountId: string, at: Date): Promise<void> => {
    const expired = await expireHolds(actor, accountId, at)
    if (!expired.ok) throw new Error(`due holds of account ${accountId}: ${expired.error.code}`)
  },
  dueAccounts: accountsWithDueHolds,
}

/**
 * Expires the open holds of an account that are past their time at an instant: what they pinned goes back to the same grants, what they
 * reserved of allowance and limits too. A capture that arrives meanwhile wins or comes late, never both. Doing it again does nothing.
 * Locks the holds' wallets. Errors: forbidden, unavailable.
 */
async function expireHolds(actor: Actor, accountId: string, at: Date): Promise<Result<null, PurserError>> {
  if (!canOnInstallation(actor, 'holds:expire')) return err({ code: 'forbidden' })
  const account = await findAccount(accountId)
  if (account === null) return err({ code: 'not_found', what: 'account' })
  for (let last: string | null = null; ;) {
    const due = await readAccountDueHolds(accountId, at)
    const [first] = due
    if (first === undefined) return ok(null)
    if (first.state.id === last) throw new Error(`hold ${last} is past its time and does not expire`)
    last = first.state.id
    const clock = { now: () => at }
    const requests = due.map((hold): DeskRequest => ({ kind: 'expire', actor, account, hold, clock }))
    const decided = await submit(accountId, requests)
    if (!decided.ok) return decided
    const refused = decided.value.find((decision) => !decision.ok)
    if (refused !== undefined && !refused.ok) return refused
  }
}
