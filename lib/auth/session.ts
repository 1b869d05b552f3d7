import 'server-only'

import { connection } from 'next/server'
import { getServerSession } from 'next-auth'
import { cache } from 'react'

import { systemClock } from '@/lib/clock'
import { findUser, type User } from '@/lib/db/users'

import { askNextAuth } from './next-auth'
import { authOptions } from './options'

const RENEWED_AFTER_SECONDS = 24 * 60 * 60

/** What the session cookie proves: who somebody is. Never what they may do. */
export type Session = { readonly userId: string; readonly issuedAt: number }

/** The session of this request, or null. Read once per page, and only for a request: no page of anybody is built ahead. */
export const currentSession = cache(async (): Promise<Session | null> => {
  await connection()
  const session: unknown = await getServerSession(authOptions())
  if (typeof session !== 'object' || session === null || !('userId' in session)) return null
  if (typeof session.userId !== 'string') return null
  return { userId: session.userId, issuedAt: 'issuedAt' in session ? Number(session.issuedAt) : 0 }
})

/** The signed-in person, or null; null too for a session whose user is gone. */
export const currentPerson = cache(async (): Promise<User | null> => {
  const session = await currentSession()
  return session === null ? null : findUser(session.userId)
})

/**
 * Moves the session's end to 30 days from now, at most once a day. Call where cookies can be set: server actions and route
 * handlers, not pages.
 */
export async function renewSession(session: Session): Promise<void> {
  const age = systemClock.now().getTime() / 1_000 - session.issuedAt
  if (age > RENEWED_AFTER_SECONDS) await askNextAuth(['session'])
}
