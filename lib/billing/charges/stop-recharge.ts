import 'server-only'

import { actorLabel, type Actor } from '@/lib/auth/rules/actor'
import { can } from '@/lib/auth/rules/permissions'
import { accountClock, type Clock } from '@/lib/clock'
import { lockAccountTerms, touchAccountTerms } from '@/lib/db/account-terms'
import type { Account } from '@/lib/db/organizations'
import { inTransaction } from '@/lib/db/pool'
import { disableRecharge } from '@/lib/db/recharges'
import type { PurserError } from '@/lib/errors'
import { err, ok, type Result } from '@/lib/result'

/**
 * Turns auto-recharge off and keeps what was set. A charge that is under way is not taken back. Doing it again changes nothing. Errors:
 * `forbidden`.
 */
export async function stopRecharge(actor: Actor, account: Account, clock: Clock): Promise<Result<null, PurserError>> {
  if (!can(actor, 'recharge:manage', account)) return err({ code: 'forbidden' })
  const now = accountClock(account, clock).now()
  await inTransaction(async (tx) => {
    await lockAccountTerms(tx, account.id)
    const wasOn = await disableRecharge(tx, account.id, 'stopped', actorLabel(actor), now)
    if (wasOn) await touchAccountTerms(tx, account.id)
  })
  return ok(null)
}
