import 'server-only'

import { env } from '@/lib/env'
import type { ErrorCode, FieldError, PurserError } from '@/lib/errors'

import { describeProblem } from './describe-problem'

/** Why something was not done, as RFC 9457 says it: the body, the status, and the headers that go with it. */
export type Problem = {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: ProblemBody
}

type ProblemBody = {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly detail: string
  readonly code: string
  readonly request_id: string
  readonly errors?: FieldError[]
  readonly [extra: string]: unknown
}

/** What a problem needs to know besides the error. `organizationSlug` tells where credits are bought. */
export type ProblemContext = { readonly requestId: string; readonly organizationSlug?: string | undefined }

/** The media type of every problem. */
export const PROBLEM_TYPE = 'application/problem+json'

/** The one place where errors become HTTP statuses (api.md, Errors). */
const STATUSES: Readonly<Record<ErrorCode | 'internal', number>> = {
  malformed_json: 400,
  idempotency_key_required: 400,
  unauthenticated: 401,
  insufficient_credits: 402,
  spend_limit_exceeded: 402,
  debt_unsettled: 402,
  payment_refused: 402,
  forbidden: 403,
  not_found: 404,
  method_not_allowed: 405,
  idempotency_conflict: 409,
  idempotency_in_progress: 409,
  conflict: 409,
  invalid_state: 409,
  too_large: 413,
  unsupported_media_type: 415,
  invalid_input: 422,
  unknown_meter: 422,
  unpriced: 422,
  rate_limited: 429,
  internal: 500,
  unavailable: 503,
}

const MOST_FIELD_ERRORS = 100
const LONGEST_PATH = 200
const LONGEST_MESSAGE = 400
const RETRY_SOON_SECONDS = '1'

/** An expected failure as a problem. */
export function problemOf(error: PurserError, context: ProblemContext): Problem {
  return problem(error.code, error, context)
}

/** A bug as a problem: it says nothing of what went wrong but the request id, under which it is logged. */
export function internalProblem(context: ProblemContext): Problem {
  return problem('internal', { code: 'internal' }, context)
}

function problem(
  code: ErrorCode | 'internal',
  error: PurserError | { readonly code: 'internal' },
  { requestId, organizationSlug }: ProblemContext,
): Problem {
  const status = STATUSES[code]
  const { title, detail } = describeProblem(error)
  const body = {
    type: `urn:purser:problem:${code}`,
    title,
    status,
    detail,
    code,
    request_id: requestId,
    ...extrasOf(error, organizationSlug),
  }
  return { status, headers: headersOf(error), body }
}

function extrasOf(error: PurserError | { readonly code: 'internal' }, slug: string | undefined) {
  switch (error.code) {
    case 'insufficient_credits': {
      const { required, available, asset } = error
      return { required, available, asset, ...(slug === undefined ? {} : { buy_url: buyUrl(slug) }) }
    }
    case 'spend_limit_exceeded':
      return { limit: error.limit }
    case 'debt_unsettled':
      return { debt: error.debt, asset: error.asset, ...(slug === undefined ? {} : { buy_url: buyUrl(slug) }) }
    case 'invalid_input':
      return { errors: error.errors.slice(0, MOST_FIELD_ERRORS).map(shortened) }
    case 'payment_refused':
      return { reason: error.reason }
    default:
      return {}
  }
}

function headersOf(error: PurserError | { readonly code: 'internal' }): Readonly<Record<string, string>> {
  switch (error.code) {
    case 'unauthenticated':
      return { 'www-authenticate': 'Bearer realm="Purser API"' }
    case 'method_not_allowed':
      return { allow: error.allow.join(', ') }
    case 'rate_limited':
      return { 'retry-after': error.retryAfterSeconds.toString() }
    case 'unavailable':
    case 'idempotency_in_progress':
      return { 'retry-after': RETRY_SOON_SECONDS }
    default:
      return {}
  }
}

/** Where people buy credits for this organization (ux.md). */
function buyUrl(slug: string): string {
  return new URL(`/o/${encodeURIComponent(slug)}/buy`, env().APP_URL).toString()
}

/** Whoever sends a megabyte of field names does not get it back. */
function shortened({ path, message }: FieldError): FieldError {
  return { path: cut(path, LONGEST_PATH), message: cut(message, LONGEST_MESSAGE) }
}

function cut(text: string, longest: number): string {
  return text.length > longest ? `${text.slice(0, longest)}…` : text
}
