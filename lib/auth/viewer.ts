import 'server-only'

import type { Route } from 'next'
import { forbidden, notFound, redirect } from 'next/navigation'
import { cache } from 'react'

import { systemClock } from '@/lib/clock'
import { findMemberInMode, listOrganizationsOf, type MemberInMode } from '@/lib/db/memberships'
import { noteUserSeen, type User } from '@/lib/db/users'
import { paymentMode } from '@/lib/env'
import type { PurserError } from '@/lib/errors'
import { err, ok, type Result } from '@/lib/result'

import type { Actor, Role, Seat } from './rules/actor'
import { can, type Permission } from './rules/permissions'
import { currentPerson, currentSession, renewSession } from './session'

const SEEN_EVERY_MS = 5 * 60_000

/** A signed-in member of the organization whose page is shown, with the billing account of the installation's payment mode. */
export type Viewer = {
  readonly userId: string
  readonly name: string
  readonly email: string
  readonly isOperator: boolean
  readonly organization: MemberInMode['organization']
  readonly account: MemberInMode['account']
  readonly role: Role
  readonly seat: Seat
  /** Who of the account's members this person is; null: none of them. */
  readonly memberId: MemberInMode['memberId']
  /** Who acts, for verbs. */
  readonly actor: Extract<Actor, { kind: 'user' }>
}

/**
 * The gate of a page; call it in the page, before anything streams. Asks people to sign in and brings them back to `path` below
 * the organization; answers 404 for an organization they do not belong to, 403 without the right.
 */
export async function requireViewer(
  permission: Permission,
  slug: string,
  path: '' | `/${string}` = '',
): Promise<Viewer> {
  const found = await findViewer(slug)
  if (found.ok && can(found.value.actor, permission, { organizationId: found.value.organization.id }))
    return found.value
  if (found.ok) return forbidden()
  if (found.error.code === 'not_found') return notFound()
  return redirect(signInPath(`/o/${encodeURIComponent(slug)}${path}`))
}

/** The gate of a server action: answers instead of redirecting, so that a form keeps its input. Errors: unauthenticated, not_found, forbidden. */
export async function actionViewer(permission: Permission, slug: string): Promise<Result<Viewer, PurserError>> {
  const found = await findViewer(slug)
  if (!found.ok) return found
  const session = await currentSession()
  if (session !== null) await renewSession(session)
  const isAllowed = can(found.value.actor, permission, { organizationId: found.value.organization.id })
  return isAllowed ? found : err({ code: 'forbidden' })
}

/** The viewer for the frame around a page. It gates nothing: null when the page inside will refuse, and say why. */
export async function viewerForFrame(slug: string): Promise<Viewer | null> {
  const found = await findViewer(slug)
  return found.ok ? found.value : null
}

/** The gate of `/api/live`: whoever may see the balance. Every open page passes here, so sessions of people who look stay alive. */
export async function viewerForStream(slug: string): Promise<Result<Viewer, PurserError>> {
  return actionViewer('balance:read', slug)
}

/** The signed-in person, of whatever organization. Asks people to sign in and brings them back to `next`. */
export async function requirePerson(next: string): Promise<User> {
  return (await currentPerson()) ?? redirect(signInPath(next))
}

/** The organizations of a person that can be shown, for the switcher. */
export async function organizationsOf(userId: string): ReturnType<typeof listOrganizationsOf> {
  return listOrganizationsOf(userId, paymentMode())
}

/** Where a person starts: the first of their organizations, or the page that says they have none. */
export async function homePath(userId: string): Promise<Route> {
  const [first] = await organizationsOf(userId)
  return (first === undefined ? '/welcome' : `/o/${encodeURIComponent(first.slug)}`) as Route
}

/** The address that asks to sign in and then leads to a path. */
export function signInPath(next: string): Route {
  return `/sign-in?next=${encodeURIComponent(next)}` as Route
}

const findViewer = cache(async (slug: string): Promise<Result<Viewer, PurserError>> => {
  const session = await currentSession()
  if (session === null) return err({ code: 'unauthenticated' })
  const member = slug.length > 64 ? null : await findMemberInMode(session.userId, slug, paymentMode())
  if (member === null) {
    const isGone = (await currentPerson()) === null
    return err(isGone ? { code: 'unauthenticated' } : { code: 'not_found', what: 'organization' })
  }
  await noteSeen(member)
  return ok(describeViewer(member))
})

function describeViewer({ user, role, seat, memberId, organization, account }: MemberInMode): Viewer {
  const { id: userId, name, email, isOperator } = user
  const actor = { kind: 'user', userId, organizationId: organization.id, role, seat } as const
  return { userId, name, email, isOperator, organization, account, role, seat, memberId, actor }
}

async function noteSeen({ user }: MemberInMode): Promise<void> {
  const now = systemClock.now()
  const isRecent = user.lastSeenAt !== null && now.getTime() - user.lastSeenAt.getTime() < SEEN_EVERY_MS
  if (!isRecent) await noteUserSeen(user.id, now)
}
