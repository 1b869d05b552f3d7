import 'server-only'

import type { Actor } from '@/lib/auth/rules/actor'
import { can } from '@/lib/auth/rules/permissions'
import { findAccountNamed } from '@/lib/db/account-names'
import type { Account } from '@/lib/db/organizations'
import type { PurserError } from '@/lib/errors'
import { err, ok, type Result } from '@/lib/result'

/** The account whose test clock a key may move: one of test mode, by a test key. Errors: forbidden (live keys), not_found. */
export async function findClocked(
  actor: Extract<Actor, { kind: 'key' }>,
  organization: string,
): Promise<Result<Account, PurserError>> {
  if (actor.mode !== 'test') return err({ code: 'forbidden' })
  const account = await findAccountNamed('test', organization)
  if (account === null) return err({ code: 'not_found', what: 'organization' })
  return can(actor, 'test_clock:move', account) ? ok(account) : err({ code: 'forbidden' })
}
