import 'server-only'

import type { Actor } from '@/lib/auth/rules/actor'
import { can } from '@/lib/auth/rules/permissions'
import { recallAccountNamed } from '@/lib/db/account-names'
import type { PurserError } from '@/lib/errors'
import { err, ok, type Result } from '@/lib/result'

import type { UsageAccount } from './desk/request'

/** The account that usage is recorded for, and the address name of its organization. */
export type NamedUsageAccount = UsageAccount & { readonly slug: string }

/**
 * The billing account of the key's mode that usage names by `org_…` or external id. Usually answered from memory.
 * Errors: not_found, also when it exists only in the other mode.
 */
export async function findUsageAccount(
  actor: Extract<Actor, { kind: 'key' }>,
  organization: string,
): Promise<Result<NamedUsageAccount, PurserError>> {
  const account = await recallAccountNamed(actor.mode, organization)
  if (account === null || !can(actor, 'usage:record', account)) return err({ code: 'not_found', what: 'organization' })
  return ok(account)
}
