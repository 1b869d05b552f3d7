import 'server-only'

import type { Actor } from '@/lib/auth/rules/actor'
import { canOnInstallation } from '@/lib/auth/rules/permissions'
import { listApiKeys as findApiKeys, type ApiKey } from '@/lib/db/api-keys'
import { showId } from '@/lib/db/ids'
import type { PurserError } from '@/lib/errors'
import { err, ok, type Result } from '@/lib/result'

import type { ApiKeyDto } from './contract'

/** Every key of the installation, newest first, without secrets. Errors: forbidden. */
export async function listApiKeys(actor: Actor): Promise<Result<readonly ApiKeyDto[], PurserError>> {
  if (!canOnInstallation(actor, 'api_keys:manage')) return err({ code: 'forbidden' })
  return ok((await findApiKeys()).map(describeApiKey))
}

/** A key as it may be shown. */
export function describeApiKey(key: ApiKey): ApiKeyDto {
  return {
    id: showId('key', key.id),
    mode: key.mode,
    name: key.name,
    prefix: key.prefix,
    createdAt: key.createdAt.toISOString(),
    lastUsedAt: key.lastUsedAt?.toISOString() ?? null,
    revokedAt: key.revokedAt?.toISOString() ?? null,
  }
}
