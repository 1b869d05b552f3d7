import type { Reader } from '../analytics/reader'
import type { Actor } from '../auth/rules/actor'
import type { Account } from '../db/organizations'

/** Somebody who reads the pages of an account; `memberId` says who of its members they are. */
export function readerOf(account: Account, actor: Actor, memberId: string | null = null): Reader {
  const { id, organizationId, slug, name, mode, externalId, timeZone, clockAt } = account
  return {
    actor,
    memberId,
    organization: { id: organizationId, slug, name },
    account: { id, mode, externalId, timeZone, clockAt },
  }
}
