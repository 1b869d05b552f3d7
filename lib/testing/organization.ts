import { randomUUID } from 'node:crypto'

import type { Actor, Role, Seat } from '@/lib/auth/rules/actor'
import { addMembership } from '@/lib/db/memberships'
import type { Account } from '@/lib/db/organizations'
import { inTransaction } from '@/lib/db/pool'
import { ensureUser } from '@/lib/db/users'
import { ensureAccount } from '@/lib/organizations/ensure-account'

/** An organization of a suite's own, with people to act in it. */
export type TestOrganization = {
  readonly account: Account
  readonly owner: Extract<Actor, { kind: 'user' }>
  readonly member: Extract<Actor, { kind: 'user' }>
}

/** Makes an organization in test mode with an owner and a member, named so that no two suites meet. */
export async function createOrganization(now = new Date(), timeZone = 'UTC'): Promise<TestOrganization> {
  const externalId = `test-${randomUUID()}`
  const details = { externalId, name: `Test ${externalId.slice(-6)}`, email: 'billing@test.dev', timeZone }
  const { account } = await inTransaction((tx) => ensureAccount(tx, 'test', details, now))
  const join = (role: Role, seat: Seat) => addPerson(account.organizationId, role, seat, now)
  return { account, owner: await join('owner', 'pro'), member: await join('member', 'pro') }
}

/** Makes a person of an organization, who can act in it. */
export async function addPerson(organizationId: string, role: Role, seat: Seat, now: Date) {
  const email = `${role}-${randomUUID()}@test.dev`
  const user = await ensureUser({ email, name: role, isOperator: false, passwordHash: null }, now)
  await inTransaction((tx) => addMembership(tx, { organizationId, userId: user.id, role, seat }, now))
  return { kind: 'user', userId: user.id, organizationId, role, seat } as const
}
