import 'server-only'

import type { z } from 'zod'

import type { PurserError } from '@/lib/errors'
import { err, ok, type Result } from '@/lib/result'

/** Reads what a form sent. Errors: `invalid_input` with a sentence for each field that is wrong. */
export function readForm<Schema extends z.ZodType>(
  schema: Schema,
  fields: unknown,
): Result<z.output<Schema>, Extract<PurserError, { code: 'invalid_input' }>> {
  const parsed = schema.safeParse(fields)
  if (parsed.success) return ok(parsed.data)
  const errors = parsed.error.issues.map((issue) => ({ path: issue.path.join('.'), message: issue.message }))
  return err({ code: 'invalid_input', errors })
}
