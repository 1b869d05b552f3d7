import 'server-only'

import type { Actor } from '@/lib/auth/rules/actor'
import { can } from '@/lib/auth/rules/permissions'
import { accountClock, type Clock } from '@/lib/clock'
import { lockAccountTerms } from '@/lib/db/account-terms'
import { lockAutoCharge } from '@/lib/db/auto-charges'
import { enqueueRecharge } from '@/lib/db/charge-jobs'
import type { Account } from '@/lib/db/organizations'
import { inTransaction } from '@/lib/db/pool'
import type { PurserError } from '@/lib/errors'
import { err, ok, type Result } from '@/lib/result'

import { keepAutoCharge } from './keep-auto-charge'
import { rearm } from '../rules/auto-charge'

/**
 * A person says: try again. Ends back-off and suspension of an account's automatic charges and looks at once at what is due. An attempt
 * that is under way goes on. Doing it again changes nothing. Errors: `forbidden`.
 */
export async function rearmRecharge(actor: Actor, account: Account, clock: Clock): Promise<Result<null, PurserError>> {
  if (!can(actor, 'recharge:manage', account)) return err({ code: 'forbidden' })
  const now = accountClock(account, clock).now()
  await inTransaction(async (tx) => {
    await lockAccountTerms(tx, account.id)
    const before = await lockAutoCharge(tx, account.id)
    await keepAutoCharge(tx, account.id, before, { ...before, state: rearm(before.state) }, now)
    await enqueueRecharge(tx, account.id)
  })
  return ok(null)
}
