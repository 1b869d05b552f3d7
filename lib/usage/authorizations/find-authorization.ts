import 'server-only'

import type { Actor } from '@/lib/auth/rules/actor'
import { can } from '@/lib/auth/rules/permissions'
import { findHold, type StoredHold } from '@/lib/db/holds'
import { readId } from '@/lib/db/ids'
import { findAccount, type Account } from '@/lib/db/organizations'
import type { PurserError } from '@/lib/errors'
import { err, ok, type Result } from '@/lib/result'

/** A hold as it was found, and the account that it is of. */
export type FoundAuthorization = { readonly hold: StoredHold; readonly account: Account }

/** The hold that an outside id (`hld_…`) names in the key's mode. Errors: not_found, also when it exists only in the other mode. */
export async function findAuthorization(
  actor: Extract<Actor, { kind: 'key' }>,
  id: string,
): Promise<Result<FoundAuthorization, PurserError>> {
  const uuid = readId('hld', id)
  const hold = uuid === null ? null : await findHold(uuid)
  const account = hold === null ? null : await findAccount(hold.accountId)
  if (hold === null || account === null || account.mode !== actor.mode || !can(actor, 'usage:authorize', account)) {
    return err({ code: 'not_found', what: 'authorization' })
  }
  return ok({ hold, account })
}
