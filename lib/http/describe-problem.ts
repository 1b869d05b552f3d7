import 'server-only'

import type { PurserError } from '@/lib/errors'

/** The two sentences of a problem: what it is, the same each time, and what to do next, for this one. */
export type ProblemText = { readonly title: string; readonly detail: string }

/** Says an error in words that tell a developer what to do next. */
export function describeProblem(error: PurserError | { readonly code: 'internal' }): ProblemText {
  switch (error.code) {
    case 'insufficient_credits':
      return {
        title: 'Not enough credits',
        detail: `This needs ${error.required} ${error.asset} and ${error.available} can be spent on it. Buy credits, then send it again with the same id.`,
      }
    case 'spend_limit_exceeded':
      return {
        title: 'Spend limit reached',
        detail: `The spend limit "${error.limit}" does not allow this. Raise it, or wait for its next period.`,
      }
    case 'debt_unsettled':
      return {
        title: 'Debt to be settled',
        detail: `${error.debt} ${error.asset} are owed for earlier usage. Buy credits to settle them, then send it again.`,
      }
    case 'payment_refused':
      return { title: 'Payment refused', detail: error.message }
    case 'conflict':
      return { title: 'It is already there, and different', detail: error.message }
    case 'invalid_state':
      return { title: 'Not in this state', detail: error.message }
    case 'not_found':
      return {
        title: 'Not found',
        detail: `There is no such ${error.what} in the mode of your key. Check the id and the key.`,
      }
    case 'method_not_allowed':
      return { title: 'Method not allowed', detail: `Use ${error.allow.join(' or ')} here.` }
    case 'too_large':
      return { title: 'Body too large', detail: `Send at most ${error.limitBytes} bytes. Split the batch.` }
    case 'invalid_input':
      return { title: 'Invalid input', detail: inputDetail(error.errors.map(({ path }) => path)) }
    case 'unknown_meter':
      return {
        title: 'Unknown meter',
        detail: `There is no meter "${error.meter}". Add it with PUT /meters/{key}, or correct the key.`,
      }
    case 'unpriced':
      return {
        title: 'No price',
        detail: `The meter "${error.meter}" has no price for this usage. Add one with POST /meters/{key}/prices.`,
      }
    case 'rate_limited':
      return { title: 'Too many requests', detail: `Wait ${error.retryAfterSeconds} s, then send it again.` }
    default:
      return FIXED[error.code]
  }
}

const FIXED = {
  malformed_json: {
    title: 'Not readable as JSON',
    detail: 'Send one JSON value in UTF-8, nested at most 32 levels deep, in which no object names a field twice.',
  },
  idempotency_key_required: {
    title: 'Idempotency-Key is missing',
    detail: 'Send an Idempotency-Key header, such as a UUID, so that sending this again is safe.',
  },
  unauthenticated: {
    title: 'Not authenticated',
    detail: 'Send a valid API key: "Authorization: Bearer sk_test_…". Revoked keys are refused.',
  },
  forbidden: { title: 'Not allowed', detail: 'This key may not do that. Use a key that may.' },
  idempotency_conflict: {
    title: 'The id was used before',
    detail: 'This id or Idempotency-Key was used with another body. Use a new one, or send the same body.',
  },
  idempotency_in_progress: {
    title: 'In progress',
    detail: 'A request with this Idempotency-Key is still being worked on. Send it again in a moment.',
  },
  unsupported_media_type: {
    title: 'Not JSON',
    detail: 'Send the body as it is, with "Content-Type: application/json".',
  },
  unavailable: {
    title: 'Unavailable for the moment',
    detail: 'Nothing was recorded, or sending the same id again is safe. Send it again in a moment.',
  },
  internal: {
    title: 'Something went wrong on our side',
    detail: 'Sending the same id again is safe. If it happens again, give us the request_id.',
  },
} as const satisfies Readonly<Record<string, ProblemText>>

function inputDetail(paths: readonly string[]): string {
  const named = [...new Set(paths.filter((path) => path !== ''))].slice(0, 3).map((path) => path.slice(0, 80))
  return named.length === 0 ? 'Correct the body; see errors.' : `Correct ${named.join(', ')}; see errors.`
}
