/** One field of an input that was refused: a dotted path and a sentence that says what to do. */
export type FieldError = { readonly path: string; readonly message: string }

/**
 * Every expected failure of Purser, as a closed union. The code says what happened; the data says to what.
 * HTTP statuses are assigned in `lib/http` and nowhere else. Amounts are decimal strings, ready to be shown.
 */
export type PurserError =
  | { readonly code: 'malformed_json' }
  | { readonly code: 'idempotency_key_required' }
  | { readonly code: 'unauthenticated' }
  | {
      readonly code: 'insufficient_credits'
      readonly required: string
      readonly available: string
      readonly asset: string
    }
  | { readonly code: 'spend_limit_exceeded'; readonly limit: string }
  | { readonly code: 'debt_unsettled'; readonly debt: string; readonly asset: string }
  | { readonly code: 'forbidden' }
  | { readonly code: 'not_found'; readonly what: string }
  | { readonly code: 'method_not_allowed'; readonly allow: readonly string[] }
  | { readonly code: 'idempotency_conflict' }
  | { readonly code: 'idempotency_in_progress' }
  | { readonly code: 'conflict'; readonly message: string }
  | { readonly code: 'invalid_state'; readonly message: string }
  | { readonly code: 'too_large'; readonly limitBytes: number }
  | { readonly code: 'unsupported_media_type' }
  | { readonly code: 'invalid_input'; readonly errors: readonly FieldError[] }
  | { readonly code: 'unknown_meter'; readonly meter: string }
  | { readonly code: 'unpriced'; readonly meter: string }
  | { readonly code: 'rate_limited'; readonly retryAfterSeconds: number }
  | { readonly code: 'payment_refused'; readonly reason: string; readonly message: string }
  | { readonly code: 'unavailable' }

/** The code of an expected failure. */
export type ErrorCode = PurserError['code']

/** Refuses one field of an input by its path. */
export function invalidField(
  path: string,
  message: string,
): { readonly code: 'invalid_input'; readonly errors: readonly FieldError[] } {
  return { code: 'invalid_input', errors: [{ path, message }] }
}
