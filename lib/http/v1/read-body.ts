import 'server-only'

import type { PurserError } from '@/lib/errors'
import { err, ok, type Result } from '@/lib/result'

import type { ApiRequest } from './message'
import { readJson } from './read-json'

/** No request says more than this. */
export const BODY_LIMIT_BYTES = 1_048_576

const JSON_TYPE = /^application\/json\s*(?:;\s*charset\s*=\s*"?utf-?8"?\s*)?$/i
const WHOLE_NUMBER = /^\d{1,15}$/

/**
 * Reads a JSON body of at most 1 MiB, and stops reading as soon as it is larger. Where a body may be left out, none at all says `{}`.
 * Errors: unsupported_media_type, too_large, malformed_json.
 */
export async function readBody(request: ApiRequest, isOptional = false): Promise<Result<unknown, PurserError>> {
  if (isOptional && isLeftOut(request)) return ok({})
  const encoding = request.headers.get('content-encoding')
  const isJson = JSON_TYPE.test(request.headers.get('content-type')?.trim() ?? '')
  if (!isJson || (encoding !== null && encoding !== 'identity')) return err({ code: 'unsupported_media_type' })
  const bytes = await readBytes(request)
  if (!bytes.ok) return bytes
  return isOptional && bytes.value.length === 0 ? ok({}) : readJson(bytes.value)
}

/** Whether a request says that it carries nothing: neither a type nor a length. */
function isLeftOut({ headers }: ApiRequest): boolean {
  const length = headers.get('content-length') ?? '0'
  return headers.get('content-type') === null && length === '0' && headers.get('transfer-encoding') === null
}

async function readBytes({ headers, body }: ApiRequest): Promise<Result<Uint8Array, PurserError>> {
  const tooLarge = err({ code: 'too_large', limitBytes: BODY_LIMIT_BYTES } as const)
  const announced = headers.get('content-length') ?? ''
  if (WHOLE_NUMBER.test(announced) && parseInt(announced, 10) > BODY_LIMIT_BYTES) return tooLarge

  const chunks: Uint8Array[] = []
  let size = 0
  try {
    for await (const chunk of body ?? []) {
      size += chunk.byteLength
      if (size > BODY_LIMIT_BYTES) return tooLarge
      chunks.push(chunk)
    }
  } catch {
    // The sender went away in the middle of its body: what arrived is not JSON, and nobody hears the answer.
    return err({ code: 'malformed_json' })
  }
  return ok(chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks))
}
