import 'server-only'

import type { Actor } from '@/lib/auth/rules/actor'
import type { Clock } from '@/lib/clock'
import { hashSecret } from '@/lib/db/secrets'
import type { PurserError } from '@/lib/errors'
import { err, ok, type Result } from '@/lib/result'

import { keyCache } from './key-cache'
import { looksLikeKeySecret } from './rules/key-secret'

/** A key as an actor: what a request with a valid secret acts as. */
export type KeyActor = Extract<Actor, { kind: 'key' }>

/**
 * Who sends this secret. Usually answered from memory: a revoked key stops working at once in every process that can hear
 * PostgreSQL, and within 10 seconds in any other. Errors: unauthenticated.
 */
export async function authenticateApiKey(secret: string, { now }: Clock): Promise<Result<KeyActor, PurserError>> {
  if (!looksLikeKeySecret(secret)) return err({ code: 'unauthenticated' })
  const at = now()
  const key = await keyCache().find(hashSecret(secret), at)
  if (key === null) return err({ code: 'unauthenticated' })
  keyCache().noteUsed(key.id, at)
  return ok({ kind: 'key', keyId: key.id, mode: key.mode })
}

/** Stops hearing of revoked keys: a process's last act, before its pool closes. */
export async function stopApiKeyListening(): Promise<void> {
  await keyCache().close()
}
