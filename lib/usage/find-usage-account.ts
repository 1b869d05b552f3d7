import 'server-only'

import type { Actor } from '@/lib/auth/rules/actor'
import { can } from '@/lib/auth/rules/permissions'
import { recallAccountsNamed } from '@/lib/db/account-names'
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
  return (await findUsageAccounts(actor, [organization])).get(organization) ?? NOT_FOUND
}

/** The same for many names at once, in one look. */
export async function findUsageAccounts(
  actor: Extract<Actor, { kind: 'key' }>,
  organizations: readonly string[],
): Promise<ReadonlyMap<string, Result<NamedUsageAccount, PurserError>>> {
  const accounts = await recallAccountsNamed(actor.mode, organizations)
  const found = (name: string): Result<NamedUsageAccount, PurserError> => {
    const account = accounts.get(name)
    return account === undefined || !can(actor, 'usage:record', account) ? NOT_FOUND : ok(account)
  }
  return new Map(organizations.map((name) => [name, found(name)]))
}

const NOT_FOUND = err({ code: 'not_found', what: 'organization' } as const)
