import 'server-only'

import type { Mode } from '@/lib/auth/rules/actor'

import { newId } from './ids'
import { inTransaction, query, type Row } from './pool'
import { prisma } from './prisma'

/** A secret key of the operator's backend. The secret itself is nowhere. */
export type ApiKey = {
  readonly id: string
  readonly mode: Mode
  readonly name: string
  readonly prefix: string
  readonly createdAt: Date
  readonly lastUsedAt: Date | null
  readonly revokedAt: Date | null
}

/** The channel on which every process hears of a revoked key; the payload is the key's id. */
export const API_KEY_CHANNEL = 'purser_api_key'
const MOST_KEYS = 500

/** Adds a key. */
export async function insertApiKey(
  key: { readonly mode: Mode; readonly name: string; readonly prefix: string; readonly secretHash: string },
  now: Date,
): Promise<ApiKey> {
  const { mode, name, prefix, secretHash } = key
  const id = newId()
  await prisma().apiKey.create({ data: { id, mode, name, prefix, secretHash, createdAt: now } })
  return { id, mode, name, prefix, createdAt: now, lastUsedAt: null, revokedAt: null }
}

/** The key with this secret's hash that is not revoked, or null. One lookup in a unique index. */
export async function findUsableApiKey(secretHash: string): Promise<ApiKey | null> {
  const [row] = await query(`SELECT * FROM api_key WHERE secret_hash = $1 AND revoked_at IS NULL`, [secretHash])
  return row === undefined ? null : readApiKey(row)
}

/** Every key, newest first, the revoked ones included. At most 500. */
export async function listApiKeys(): Promise<readonly ApiKey[]> {
  const rows = await query(`SELECT * FROM api_key ORDER BY created_at DESC, id DESC LIMIT ${MOST_KEYS}`)
  return rows.map(readApiKey)
}

/** Whether there is a key of this mode that can be used. */
export async function hasUsableApiKey(mode: Mode): Promise<boolean> {
  return (await prisma().apiKey.count({ where: { mode, revokedAt: null } })) > 0
}

/** Revokes a key and tells every process, in one transaction. Returns when it was revoked, or null when there is no such key. */
export async function setApiKeyRevoked(id: string, now: Date): Promise<ApiKey | null> {
  return inTransaction(async (tx) => {
    const [row] = await tx.query(`UPDATE api_key SET revoked_at = COALESCE(revoked_at, $2) WHERE id = $1 RETURNING *`, [
      id,
      now,
    ])
    if (row === undefined) return null
    await tx.query(`SELECT pg_notify($1, $2)`, [API_KEY_CHANNEL, id])
    return readApiKey(row)
  })
}

/** Notes that a key was used; written only when the last note is more than a minute old. */
export async function noteApiKeyUsed(id: string, now: Date): Promise<void> {
  const minuteAgo = new Date(now.getTime() - 60_000)
  await query(`UPDATE api_key SET last_used_at = $2 WHERE id = $1 AND (last_used_at IS NULL OR last_used_at <= $3)`, [
    id,
    now,
    minuteAgo,
  ])
}

function readApiKey(row: Row): ApiKey {
  return {
    id: row['id'] as string,
    mode: row['mode'] as Mode,
    name: row['name'] as string,
    prefix: row['prefix'] as string,
    createdAt: row['created_at'] as Date,
    lastUsedAt: row['last_used_at'] as Date | null,
    revokedAt: row['revoked_at'] as Date | null,
  }
}
