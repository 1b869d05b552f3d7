import 'server-only'

import type { Actor } from '@/lib/auth/rules/actor'
import { can } from '@/lib/auth/rules/permissions'
import { accountClock, type Clock } from '@/lib/clock'
import { findAccountNamed } from '@/lib/db/account-names'
import { beginPostpaid } from '@/lib/db/auto-charges'
import { mergeAccountPolicy } from '@/lib/db/organizations'
import type { PurserError } from '@/lib/errors'
import { err, ok, type Result } from '@/lib/result'

import { describeOrganization } from './describe-organization'
import type { EffectivePolicy, PolicyOverride } from './rules/effective-policy'

/**
 * Sets values of an organization's own policy in the key's mode; what is not named stays. Who becomes postpaid is invoiced from now on, by the account's own time.
 * Answers the policy in force. Errors: not_found, forbidden.
 */
export async function setPolicy(
  actor: Extract<Actor, { kind: 'key' }>,
  organization: string,
  policy: PolicyOverride,
  clock: Clock,
): Promise<Result<EffectivePolicy, PurserError>> {
  const account = await findAccountNamed(actor.mode, organization)
  if (account === null) return err({ code: 'not_found', what: 'organization' })
  if (!can(actor, 'policy:manage', account)) return err({ code: 'forbidden' })
  if (typeof policy.billing_mode === 'object') await beginPostpaid(account.id, accountClock(account, clock).now())
  const changed = await mergeAccountPolicy(account.id, policy)
  if (changed === null) return err({ code: 'not_found', what: 'organization' })
  return ok((await describeOrganization(changed)).policy)
}
