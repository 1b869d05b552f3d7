import 'server-only'

import type { Mode, Role, Seat } from '@/lib/auth/rules/actor'

import { newId } from './ids'
import { query, type Row, type Tx } from './pool'

/** Everything that a page must know about the person who asks, read in one statement. */
export type MemberInMode = {
  readonly user: {
    readonly id: string
    readonly name: string
    readonly email: string
    readonly isOperator: boolean
    readonly lastSeenAt: Date | null
  }
  readonly role: Role
  readonly seat: Seat
  /** Who of the account's members has this person's address: whose wallets a Lite seat sees; null: nobody. */
  readonly memberId: string | null
  readonly organization: { readonly id: string; readonly slug: string; readonly name: string }
  readonly account: {
    readonly id: string
    readonly mode: Mode
    readonly externalId: string
    readonly name: string
    readonly email: string | null
    readonly timeZone: string
    readonly anchorDay: number
    /** Where its test clock stands; null: real time. */
    readonly clockAt: Date | null
  }
}

/** A user's place in an organization. */
export type Membership = {
  readonly id: string
  readonly organizationId: string
  readonly userId: string
  readonly role: Role
  readonly seat: Seat
}

/** A member with what the members page shows. */
export type ListedMember = Membership & {
  readonly name: string
  readonly email: string
  readonly createdAt: Date
  readonly lastSeenAt: Date | null
}

const MOST_MEMBERS = 1_000

/** The person's place in the organization with this slug and its account of this mode; null when they have none. */
export async function findMemberInMode(userId: string, slug: string, mode: Mode): Promise<MemberInMode | null> {
  const [row] = await query(
    `SELECT app_user.id AS user_id, app_user.name AS user_name, app_user.email AS user_email, app_user.is_operator,
       app_user.last_seen_at,
       membership.role, membership.seat, organization.id AS organization_id, organization.slug, organization.name,
       account.id AS account_id, account.mode, account.external_id, account.name AS account_name, account.email,
       account.time_zone, account.anchor_day, account.clock_at, own.id AS member_id
     FROM membership
     JOIN app_user ON app_user.id = membership.user_id
     JOIN organization ON organization.id = membership.organization_id
     JOIN billing_account account ON account.organization_id = organization.id AND account.mode = $3
     LEFT JOIN account_member own ON own.account_id = account.id AND own.email = app_user.email
     WHERE membership.user_id = $1 AND organization.slug = $2`,
    [userId, slug, mode],
  )
  return row === undefined ? null : readMemberInMode(row)
}

/** The organizations that a user belongs to and that have an account of this mode, by name. */
export async function listOrganizationsOf(
  userId: string,
  mode: Mode,
): Promise<readonly { readonly slug: string; readonly name: string; readonly role: Role; readonly seat: Seat }[]> {
  const rows = await query(
    `SELECT organization.slug, organization.name, membership.role, membership.seat
     FROM membership
     JOIN organization ON organization.id = membership.organization_id
     JOIN billing_account account ON account.organization_id = organization.id AND account.mode = $2
     WHERE membership.user_id = $1 ORDER BY organization.name, organization.slug LIMIT 200`,
    [userId, mode],
  )
  return rows.map((row) => ({
    slug: row['slug'] as string,
    name: row['name'] as string,
    role: row['role'] as Role,
    seat: row['seat'] as Seat,
  }))
}

/** The members of an organization: owners, then admins, then members, by name. At most 1,000. */
export async function listMemberships(organizationId: string): Promise<readonly ListedMember[]> {
  const rows = await query(
    `SELECT membership.*, app_user.name, app_user.email, app_user.last_seen_at
     FROM membership JOIN app_user ON app_user.id = membership.user_id
     WHERE membership.organization_id = $1
     ORDER BY array_position(ARRAY['owner', 'admin', 'member'], membership.role), app_user.name, membership.id
     LIMIT ${MOST_MEMBERS}`,
    [organizationId],
  )
  return rows.map((row) => ({
    ...readMembership(row),
    name: row['name'] as string,
    email: row['email'] as string,
    createdAt: row['created_at'] as Date,
    lastSeenAt: row['last_seen_at'] as Date | null,
  }))
}

/** Locks the organization, so that one change of its members happens after another. False when there is none. */
export async function lockOrganization(tx: Tx, organizationId: string): Promise<boolean> {
  const rows = await tx.query(`SELECT id FROM organization WHERE id = $1 FOR UPDATE`, [organizationId])
  return rows.length === 1
}

/** A membership of this organization, read inside a transaction that holds the organization's lock. */
export async function findMembership(tx: Tx, organizationId: string, membershipId: string): Promise<Membership | null> {
  const [row] = await tx.query(`SELECT * FROM membership WHERE id = $1 AND organization_id = $2`, [
    membershipId,
    organizationId,
  ])
  return row === undefined ? null : readMembership(row)
}

/** How many owners the organization has, read inside a transaction that holds the organization's lock. */
export async function countOwners(tx: Tx, organizationId: string): Promise<number> {
  const rows = await tx.query(`SELECT id FROM membership WHERE organization_id = $1 AND role = 'owner'`, [
    organizationId,
  ])
  return rows.length
}

/** Gives a user a place in an organization. False, and nothing changes, when they have one. */
export async function addMembership(tx: Tx, place: Omit<Membership, 'id'>, now: Date): Promise<boolean> {
  const rows = await tx.query(
    `INSERT INTO membership (id, organization_id, user_id, role, seat, created_at) VALUES ($1, $2, $3, $4, $5, $6)
     ON CONFLICT (organization_id, user_id) DO NOTHING RETURNING id`,
    [newId(), place.organizationId, place.userId, place.role, place.seat, now],
  )
  return rows.length === 1
}

/** Changes a member's role and seat. */
export async function updateMembership(tx: Tx, membershipId: string, role: Role, seat: Seat): Promise<void> {
  await tx.query(`UPDATE membership SET role = $2, seat = $3 WHERE id = $1`, [membershipId, role, seat])
}

/** Takes a member's place away. The person and what they did stay. */
export async function deleteMembership(tx: Tx, membershipId: string): Promise<void> {
  await tx.query(`DELETE FROM membership WHERE id = $1`, [membershipId])
}

function readMembership(row: Row): Membership {
  return {
    id: row['id'] as string,
    organizationId: row['organization_id'] as string,
    userId: row['user_id'] as string,
    role: row['role'] as Role,
    seat: row['seat'] as Seat,
  }
}

function readMemberInMode(row: Row): MemberInMode {
  return {
    user: {
      id: row['user_id'] as string,
      name: row['user_name'] as string,
      email: row['user_email'] as string,
      isOperator: row['is_operator'] as boolean,
      lastSeenAt: row['last_seen_at'] as Date | null,
    },
    role: row['role'] as Role,
    seat: row['seat'] as Seat,
    memberId: row['member_id'] as string | null,
    organization: {
      id: row['organization_id'] as string,
      slug: row['slug'] as string,
      name: row['name'] as string,
    },
    account: {
      id: row['account_id'] as string,
      mode: row['mode'] as Mode,
      externalId: row['external_id'] as string,
      name: row['account_name'] as string,
      email: row['email'] as string | null,
      timeZone: row['time_zone'] as string,
      anchorDay: row['anchor_day'] as number,
      clockAt: row['clock_at'] as Date | null,
    },
  }
}
