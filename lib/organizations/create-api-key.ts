import 'server-only'

import { randomBytes } from 'node:crypto'

import type { Actor } from '@/lib/auth/rules/actor'
import { canOnInstallation } from '@/lib/auth/rules/permissions'
import type { Clock } from '@/lib/clock'
import { insertApiKey } from '@/lib/db/api-keys'
import { hashSecret } from '@/lib/db/secrets'
import type { PurserError } from '@/lib/errors'
import { err, ok, type Result } from '@/lib/result'

import { createApiKeySchema, type ApiKeyDto, type CreateApiKey } from './contract'
import { fieldErrors } from './field-errors'
import { describeApiKey } from './list-api-keys'
import { keyPrefix, keySecret } from './rules/key-secret'

const SECRET_BYTES = 32

/** Makes a key. Its secret is returned here and never again. Errors: forbidden, invalid_input. */
export async function createApiKey(
  actor: Actor,
  input: CreateApiKey,
  { now }: Clock,
): Promise<Result<{ readonly key: ApiKeyDto; readonly secret: string }, PurserError>> {
  if (!canOnInstallation(actor, 'api_keys:manage')) return err({ code: 'forbidden' })
  const parsed = createApiKeySchema.safeParse(input)
  if (!parsed.success) return err(fieldErrors(parsed.error))
  const { mode, name } = parsed.data
  const secret = keySecret(mode, randomBytes(SECRET_BYTES))
  const key = await insertApiKey({ mode, name, prefix: keyPrefix(secret), secretHash: hashSecret(secret) }, now())
  return ok({ key: describeApiKey(key), secret })
}
