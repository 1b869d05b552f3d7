import 'server-only'

import type { z } from 'zod'

import type { PurserError } from '@/lib/errors'

/** What zod refused, as the error that forms and the API show. */
export function fieldErrors(error: z.ZodError): Extract<PurserError, { code: 'invalid_input' }> {
  return {
    code: 'invalid_input',
    errors: error.issues.map(({ path, message }) => ({ path: path.join('.'), message })),
  }
}
