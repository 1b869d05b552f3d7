import 'server-only'

import type { Actor, Mode } from '@/lib/auth/rules/actor'
import { can } from '@/lib/auth/rules/permissions'
import { findAccountNamed } from '@/lib/db/account-names'
import type { PurserError } from '@/lib/errors'
import { err, ok, type Result } from '@/lib/result'

import type { OrganizationInMode } from './contract'
import { describeOrganization } from './describe-organization'

/** Names an organization in a mode: by `org_…` or by the operator's external id. A key's mode must be the key's own. */
export type ReadOrganization = { readonly mode: Mode; readonly organization: string }

/**
 * The organization with the policy in force for it. Errors: not_found, also when it exists only in the other mode or the actor
 * may not know of it.
 */
export async function readOrganization(
  actor: Actor,
  input: ReadOrganization,
): Promise<Result<OrganizationInMode, PurserError>> {
  const account = await findAccountNamed(input.mode, input.organization)
  const isOtherMode = actor.kind === 'key' && actor.mode !== input.mode
  if (account === null || isOtherMode || !can(actor, 'organizations:read', account)) {
    return err({ code: 'not_found', what: 'organization' })
  }
  return ok(await describeOrganization(account))
}
