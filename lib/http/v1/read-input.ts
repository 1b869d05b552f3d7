import 'server-only'

import type { z } from 'zod'

import type { FieldError, PurserError } from '@/lib/errors'
import { err, ok, type Result } from '@/lib/result'

const NO_SUCH_FIELD = 'Remove this field: there is no such field.'
const NO_SUCH_PARAMETER = 'Remove this parameter: there is no such parameter.'

/** Reads a body by its schema. Errors: invalid_input, naming every field that is wrong by its path as it was sent. */
export function readInput<Value>(schema: z.ZodType<Value>, input: unknown): Result<Value, PurserError> {
  const parsed = schema.safeParse(input)
  if (parsed.success) return ok(parsed.data)
  return err({ code: 'invalid_input', errors: fieldErrors(parsed.error, NO_SUCH_FIELD) })
}

/** Reads the query parameters of an address; each may be given once. A route without a schema takes none. */
export function readQuery(schema: z.ZodType | undefined, parameters: URLSearchParams): Result<unknown, PurserError> {
  const names = [...parameters.keys()]
  const twice = names.filter((name, index) => names.indexOf(name) < index)
  if (twice.length > 0) return refuseNames(twice, 'Send this parameter once.')
  if (schema === undefined) return names.length === 0 ? ok({}) : refuseNames(names, NO_SUCH_PARAMETER)
  const parsed = schema.safeParse(Object.fromEntries(parameters))
  if (parsed.success) return ok(parsed.data)
  return err({ code: 'invalid_input', errors: fieldErrors(parsed.error, NO_SUCH_PARAMETER) })
}

function refuseNames(names: readonly string[], message: string): Result<never, PurserError> {
  return err({ code: 'invalid_input', errors: [...new Set(names)].map((path) => ({ path, message })) })
}

/** What zod refused, one line a field: unknown fields are named one by one, of a union only its own sentence is said. */
function fieldErrors(error: z.ZodError, noSuch: string): readonly FieldError[] {
  return error.issues.flatMap((issue) => {
    const path = issue.path.map(String)
    if (issue.code !== 'unrecognized_keys') return [{ path: path.join('.'), message: issue.message }]
    return issue.keys.map((key) => ({ path: [...path, key].join('.'), message: noSuch }))
  })
}
