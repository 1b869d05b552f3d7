import 'server-only'

import type { FieldError, PurserError } from '@/lib/errors'

/** What a form shows when its action was refused: one sentence, or sentences about fields. */
export type Refusal = { readonly message?: string; readonly errors?: readonly FieldError[] }

/** An expected failure in words for the person at the form. `unauthenticated` is for forms that sign in to say better. */
export function refusal(error: PurserError): Refusal {
  switch (error.code) {
    case 'invalid_input':
      return { errors: error.errors }
    case 'conflict':
    case 'invalid_state':
    case 'payment_refused':
      return { message: error.message }
    case 'rate_limited':
      return { message: `Too many attempts. Try again in ${waitText(error.retryAfterSeconds)}.` }
    case 'unauthenticated':
      return { message: 'Your session has ended. Sign in again, then repeat this.' }
    case 'forbidden':
      return { message: 'Only owners and admins can do this. Ask one of them.' }
    case 'not_found':
      return { message: `This ${error.what} does not exist any more. Reload the page.` }
    default:
      return { message: 'This could not be done now. Nothing was changed. Try again in a minute.' }
  }
}

function waitText(seconds: number): string {
  if (seconds < 90) return `${seconds} seconds`
  return `${Math.ceil(seconds / 60)} minutes`
}
