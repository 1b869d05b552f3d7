import 'server-only'

import type { Actor, Mode, Role, Seat } from '@/lib/auth/rules/actor'
import type { Clock } from '@/lib/clock'
import { addMembership } from '@/lib/db/memberships'
import { inTransaction } from '@/lib/db/pool'
import { ensureUser, setPassword } from '@/lib/db/users'
import type { PurserError } from '@/lib/errors'
import { err, ok, type Result } from '@/lib/result'
import { canOnInstallation } from '@/lib/auth/rules/permissions'

import { ensureAccount, type AccountDetails } from './ensure-account'
import { DEMO_PEOPLE } from '@/lib/auth/rules/demo-people'

/** What the seed brings: the customer to make and the hash of the password that everybody of the demo gets. */
export type EnsureDemoPeople = {
  readonly mode: Mode
  readonly passwordHash: string
  readonly organization?: AccountDetails
}

const ACME: AccountDetails = {
  externalId: 'acme',
  name: 'Acme AI',
  slug: 'acme',
  email: 'billing@acme.dev',
  timeZone: 'UTC',
}

/**
 * Ensures the people of the demo and their organization, and sets their password. Run again it changes nothing else: roles that
 * were changed in the meantime stay. Errors: forbidden for everybody but a job.
 */
export async function ensureDemoPeople(
  actor: Actor,
  input: EnsureDemoPeople,
  { now }: Clock,
): Promise<
  Result<{ readonly accountId: string; readonly organizationId: string; readonly slug: string }, PurserError>
> {
  if (actor.kind !== 'job' || !canOnInstallation(actor, 'organizations:create')) return err({ code: 'forbidden' })
  const at = now()
  const { account } = await inTransaction((tx) => ensureAccount(tx, input.mode, input.organization ?? ACME, at))
  for (const person of DEMO_PEOPLE) {
    const { email, name, place } = person
    const user = await ensureUser({ email, name, isOperator: place === null, passwordHash: input.passwordHash }, at)
    await setPassword(user.id, input.passwordHash)
    if (place !== null) await join(account.organizationId, user.id, place, at)
  }
  return ok({ accountId: account.id, organizationId: account.organizationId, slug: account.slug })
}

async function join(
  organizationId: string,
  userId: string,
  place: { role: Role; seat: Seat },
  at: Date,
): Promise<void> {
  await inTransaction((tx) => addMembership(tx, { organizationId, userId, ...place }, at))
}
