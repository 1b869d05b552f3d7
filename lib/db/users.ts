import 'server-only'

import { newId } from './ids'
import { query } from './pool'
import { prisma } from './prisma'

/** A person who can sign in. */
export type User = {
  readonly id: string
  readonly email: string
  readonly name: string
  readonly isOperator: boolean
}

/** A person to be ensured. Without a password they sign in by link or through another provider. */
export type NewUser = {
  readonly email: string
  readonly name: string
  readonly passwordHash?: string | null
  readonly isOperator?: boolean
}

const SELECT = { id: true, email: true, name: true, isOperator: true } as const

/** The user with this id, or null. */
export async function findUser(id: string): Promise<User | null> {
  return prisma().user.findUnique({ where: { id }, select: SELECT })
}

/** The user with this e-mail address (in lower case), or null. */
export async function findUserByEmail(email: string): Promise<User | null> {
  return prisma().user.findUnique({ where: { email }, select: SELECT })
}

/** What a password is checked against; `passwordHash` is null for those who have none. Null: nobody has this address. */
export async function findCredentials(
  email: string,
): Promise<{ readonly userId: string; readonly passwordHash: string | null } | null> {
  const user = await prisma().user.findUnique({ where: { email }, select: { id: true, passwordHash: true } })
  return user === null ? null : { userId: user.id, passwordHash: user.passwordHash }
}

/** The user with this e-mail address (in lower case), made now unless there is one. Two at once make one. */
export async function ensureUser(user: NewUser, now: Date): Promise<User> {
  await query(
    `INSERT INTO app_user (id, email, name, password_hash, is_operator, created_at)
     VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (email) DO NOTHING`,
    [newId(), user.email, user.name, user.passwordHash ?? null, user.isOperator ?? false, now],
  )
  return prisma().user.findUniqueOrThrow({ where: { email: user.email }, select: SELECT })
}

/** Replaces a user's password hash. */
export async function setPassword(userId: string, passwordHash: string): Promise<void> {
  await prisma().user.update({ where: { id: userId }, data: { passwordHash } })
}

/** Notes that the user was here; written at most once in five minutes. */
export async function noteUserSeen(userId: string, now: Date): Promise<void> {
  const fiveMinutesAgo = new Date(now.getTime() - 5 * 60_000)
  await prisma().user.updateMany({
    where: { id: userId, OR: [{ lastSeenAt: null }, { lastSeenAt: { lt: fiveMinutesAgo } }] },
    data: { lastSeenAt: now },
  })
}
