import 'server-only'

import type { Actor } from '@/lib/auth/rules/actor'
import { canOnInstallation } from '@/lib/auth/rules/permissions'
import type { Clock } from '@/lib/clock'
import { setApiKeyRevoked } from '@/lib/db/api-keys'
import { readId } from '@/lib/db/ids'
import type { PurserError } from '@/lib/errors'
import { err, ok, type Result } from '@/lib/result'

import type { ApiKeyDto } from './contract'
import { describeApiKey } from './list-api-keys'

/** Revokes a key (`key_…`) for good and tells every process. Replay: revoked stays revoked. Errors: forbidden, not_found. */
export async function revokeApiKey(
  actor: Actor,
  input: { readonly keyId: string },
  { now }: Clock,
): Promise<Result<ApiKeyDto, PurserError>> {
  if (!canOnInstallation(actor, 'api_keys:manage')) return err({ code: 'forbidden' })
  const id = readId('key', input.keyId)
  const key = id === null ? null : await setApiKeyRevoked(id, now())
  return key === null ? err({ code: 'not_found', what: 'API key' }) : ok(describeApiKey(key))
}
