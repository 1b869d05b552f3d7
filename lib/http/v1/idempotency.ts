import 'server-only'

import { createHash } from 'node:crypto'

import { invalidField, type PurserError } from '@/lib/errors'
import { err, ok, type Result } from '@/lib/result'

import type { ApiRequest } from './message'
import type { Idempotency, Route } from './route'

const KEY = /^[\x21-\x7e](?:[\x20-\x7e]{0,253}[\x21-\x7e])?$/

/**
 * The idempotency of a call: its key, scoped to the route, and the hash of what was asked. Two bodies that were read as the same are the
 * same, whatever the order of their fields. Null on routes that need none. Errors: idempotency_key_required, invalid_input.
 */
export function readIdempotency(
  route: Route,
  { headers }: ApiRequest,
  { query, ...asked }: { readonly params: unknown; readonly body: unknown; readonly query: unknown },
): Result<Idempotency | null, PurserError> {
  const { needsIdempotencyKey: needs = false } = route
  if (!(typeof needs === 'function' ? needs(query) : needs)) return ok(null)
  const key = headers.get('idempotency-key')?.trim() ?? ''
  if (key === '') return err({ code: 'idempotency_key_required' })
  if (!KEY.test(key)) return err(invalidField('Idempotency-Key', 'Send 1 to 255 printable ASCII characters.'))
  return ok({ route: `${route.method} ${route.path}`, key, bodyHash: hashOf(asked) })
}

/** The hash of what was asked: the same for bodies that were read as the same. */
export function hashOf(asked: object): string {
  return createHash('sha256').update(canonicalJson(asked)).digest('hex')
}

/** JSON with the fields of every object in order. The value was read from JSON that is nested at most 32 levels deep. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_name, part: unknown) => {
    if (typeof part !== 'object' || part === null || Array.isArray(part)) return part
    return Object.fromEntries(Object.entries(part).sort(([left], [right]) => (left < right ? -1 : 1)))
  })
}
