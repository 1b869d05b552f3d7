import 'server-only'

import type { Role, Seat } from '@/lib/auth/rules/actor'

import { newId } from './ids'
import { query, type Row, type Tx } from './pool'

/** An offer to join an organization, still open: neither accepted, revoked nor expired. */
export type OpenInvitation = {
  readonly id: string
  readonly organizationId: string
  readonly organizationName: string
  readonly organizationSlug: string
  readonly email: string
  readonly role: Role
  readonly seat: Seat
  readonly invitedByName: string
  readonly expiresAt: Date
}

/** An offer, whatever became of it. */
export type Invitation = OpenInvitation & { readonly acceptedAt: Date | null; readonly revokedAt: Date | null }

/** An invitation to be sent. Only the hash of its token is kept. */
export type NewInvitation = {
  readonly organizationId: string
  readonly email: string
  readonly role: Role
  readonly seat: Seat
  readonly tokenHash: string
  readonly invitedById: string
  readonly expiresAt: Date
}

const MOST_INVITATIONS = 200
const OPEN = `invitation.accepted_at IS NULL AND invitation.revoked_at IS NULL AND invitation.expires_at > $2`
const SELECT = `SELECT invitation.*, organization.name AS organization_name, organization.slug,
    COALESCE(app_user.name, 'Support') AS invited_by_name
  FROM invitation
  JOIN organization ON organization.id = invitation.organization_id
  LEFT JOIN app_user ON app_user.id = invitation.invited_by_id`

/** The open invitations of an organization, newest first. At most 200. */
export async function listOpenInvitations(organizationId: string, now: Date): Promise<readonly OpenInvitation[]> {
  const rows = await query(
    `${SELECT} WHERE invitation.organization_id = $1 AND ${OPEN} ORDER BY invitation.created_at DESC LIMIT ${MOST_INVITATIONS}`,
    [organizationId, now],
  )
  return rows.map(readInvitation)
}

/** The invitation behind a token's hash, open or not, or null. */
export async function findInvitation(tokenHash: string): Promise<Invitation | null> {
  const [row] = await query(`${SELECT} WHERE invitation.token_hash = $1`, [tokenHash])
  if (row === undefined) return null
  const [acceptedAt, revokedAt] = [row['accepted_at'] as Date | null, row['revoked_at'] as Date | null]
  return { ...readInvitation(row), acceptedAt, revokedAt }
}

/** How many invitations of an organization are open. */
export async function countOpenInvitations(tx: Tx, organizationId: string, now: Date): Promise<number> {
  const rows = await tx.query(`SELECT id FROM invitation WHERE organization_id = $1 AND ${OPEN}`, [organizationId, now])
  return rows.length
}

/** Withdraws what was offered to this address before: one person has one open invitation per organization. */
export async function replaceInvitations(tx: Tx, organizationId: string, email: string, now: Date): Promise<void> {
  await tx.query(
    `UPDATE invitation SET revoked_at = $3
     WHERE organization_id = $1 AND email = $2 AND accepted_at IS NULL AND revoked_at IS NULL`,
    [organizationId, email, now],
  )
}

/** Whether somebody with this address is already a member. */
export async function isMemberEmail(tx: Tx, organizationId: string, email: string): Promise<boolean> {
  const rows = await tx.query(
    `SELECT membership.id FROM membership JOIN app_user ON app_user.id = membership.user_id
     WHERE membership.organization_id = $1 AND app_user.email = $2`,
    [organizationId, email],
  )
  return rows.length > 0
}

/** Adds an invitation and returns its id. */
export async function insertInvitation(tx: Tx, invitation: NewInvitation, now: Date): Promise<string> {
  const { organizationId, email, role, seat, tokenHash, invitedById, expiresAt } = invitation
  const id = newId()
  await tx.query(
    `INSERT INTO invitation (id, organization_id, email, role, seat, token_hash, invited_by_id, created_at, expires_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [id, organizationId, email, role, seat, tokenHash, invitedById, now, expiresAt],
  )
  return id
}

/** Uses an open invitation up, in one statement: of two at once, one gets it. Null when it is not open, or for another address. */
export async function consumeInvitation(
  tx: Tx,
  tokenHash: string,
  now: Date,
  email: string,
): Promise<{ readonly organizationId: string; readonly role: Role; readonly seat: Seat } | null> {
  const [row] = await tx.query(
    `UPDATE invitation SET accepted_at = $2 WHERE token_hash = $1 AND email = $3 AND ${OPEN} RETURNING organization_id, role, seat`,
    [tokenHash, now, email],
  )
  if (row === undefined) return null
  return { organizationId: row['organization_id'] as string, role: row['role'] as Role, seat: row['seat'] as Seat }
}

/** Withdraws an open invitation of this organization. False when there is none. */
export async function withdrawInvitation(organizationId: string, invitationId: string, now: Date): Promise<boolean> {
  const rows = await query(
    `UPDATE invitation SET revoked_at = $2 WHERE id = $1 AND organization_id = $3 AND ${OPEN} RETURNING id`,
    [invitationId, now, organizationId],
  )
  return rows.length === 1
}

function readInvitation(row: Row): OpenInvitation {
  return {
    id: row['id'] as string,
    organizationId: row['organization_id'] as string,
    organizationName: row['organization_name'] as string,
    organizationSlug: row['slug'] as string,
    email: row['email'] as string,
    role: row['role'] as Role,
    seat: row['seat'] as Seat,
    invitedByName: row['invited_by_name'] as string,
    expiresAt: row['expires_at'] as Date,
  }
}
