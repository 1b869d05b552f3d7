import 'server-only'

import { showId } from '@/lib/db/ids'
import { readOperatorPolicy, type Account } from '@/lib/db/organizations'

import type { OrganizationInMode } from './contract'
import { effectivePolicy } from './rules/effective-policy'

/** An account with the policy in force for it, as api.md answers it. */
export async function describeOrganization(account: Account): Promise<OrganizationInMode> {
  const { organizationId, externalId, slug, name, email, mode, timeZone, planKey } = account
  const policy = effectivePolicy(await readOperatorPolicy(), account.policy)
  const ids = { id: showId('org', organizationId), organizationId, accountId: account.id }
  return { ...ids, externalId, slug, name, email, mode, timeZone, plan: planKey, policy }
}
