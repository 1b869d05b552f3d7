import 'server-only'

import { randomBytes } from 'node:crypto'

import { systemClock, type Clock } from '@/lib/clock'
import type { PurserError } from '@/lib/errors'
import { PROBLEM_TYPE, problemOf, type Problem, type ProblemContext } from '@/lib/http/problem'
import { unexpectedProblem } from '@/lib/http/unexpected'
import { authenticateApiKey } from '@/lib/organizations/authenticate-api-key'
import { err, ok, type Result } from '@/lib/result'

import { readIdempotency } from './idempotency'
import type { ApiAnswer, ApiRequest } from './message'
import { readBody } from './read-body'
import { readInput, readQuery } from './read-input'
import type { Refusal, RouteAnswer } from './route'
import { createRouter, type Match } from './router'
import { routes } from './routes'

const BASE = '/api/v1'
const BEARER = /^Bearer +(\S+)$/i
const REQUEST_ID_BYTES = 12
const findRoute = createRouter(routes)

/**
 * Answers a request to the machine API: identify, parse, call one verb, map its outcome (architecture.md, Recipes). Never throws.
 * Whatever is sent, the answer is the route's own or a problem.
 */
export async function answerApi(request: ApiRequest, clock: Clock = systemClock): Promise<ApiAnswer> {
  const context: ProblemContext = { requestId: `req_${randomBytes(REQUEST_ID_BYTES).toString('hex')}` }
  try {
    const outcome = await workOn(request, clock, context)
    const { requestId } = context
    if (outcome.ok) return routeAnswer(request, outcome.value, requestId)
    return problemAnswer(request, problemOf(outcome.error.error, { ...context, ...outcome.error }), requestId)
  } catch (thrown) {
    const problem = unexpectedProblem(thrown, context, `${request.method} ${pathOf(request).slice(0, 200)}`)
    return problemAnswer(request, problem, context.requestId)
  }
}

async function workOn(
  request: ApiRequest,
  clock: Clock,
  problem: ProblemContext,
): Promise<Result<RouteAnswer, Refusal>> {
  const path = pathOf(request)
  const isInside = path === BASE || path.startsWith(`${BASE}/`)
  const found = findRoute(request.method, isInside ? path.slice(BASE.length) : '')
  if (!found.ok) return refused(found.error)
  if (found.value.kind === 'options') return ok({ status: 204, value: null, headers: { allow: found.value.allow } })
  return callRoute(found.value.match, request, clock, problem)
}

async function callRoute(
  { route, params }: Match,
  request: ApiRequest,
  clock: Clock,
  problem: ProblemContext,
): Promise<Result<RouteAnswer, Refusal>> {
  const actor = route.isPublic === true ? NOBODY : await authenticate(request, clock)
  if (!actor.ok) return refused(actor.error)
  const query = readQuery(route.query, new URL(request.url).searchParams)
  if (!query.ok) return refused(query.error)
  const body = route.body === undefined ? ok(undefined) : await readBody(request, route.isBodyOptional)
  if (!body.ok) return refused(body.error)
  const input = route.body === undefined ? ok(undefined) : readInput(route.body, body.value)
  if (!input.ok) return refused(input.error)
  const idempotency = readIdempotency(route, request, { params, body: input.value, query: query.value })
  if (!idempotency.ok) return refused(idempotency.error)
  const read = { actor: actor.value, params, body: input.value, query: query.value }
  return route.handle({ ...read, clock, problem, idempotency: idempotency.value })
}

/** Public routes show nothing that belongs to anyone, so the actor that they are given may see nothing. */
const NOBODY = ok({ kind: 'key', keyId: 'nobody', mode: 'test' } as const)

async function authenticate({ headers }: ApiRequest, clock: Clock) {
  const secret = BEARER.exec(headers.get('authorization') ?? '')?.[1]
  return secret === undefined ? err({ code: 'unauthenticated' } as const) : authenticateApiKey(secret, clock)
}

function refused(error: PurserError): Result<never, Refusal> {
  return err({ error })
}

function routeAnswer(
  request: ApiRequest,
  { status, value, text: given, headers }: RouteAnswer,
  requestId: string,
): ApiAnswer {
  const text = given ?? (value === null ? null : JSON.stringify(value))
  const type = text === null ? {} : { 'content-type': 'application/json; charset=utf-8' }
  return {
    status,
    headers: { ...fixedHeaders(requestId), ...type, ...headers },
    body: request.method === 'HEAD' ? null : text,
  }
}

function problemAnswer(request: ApiRequest, { status, headers, body }: Problem, requestId: string): ApiAnswer {
  return {
    status,
    headers: { ...fixedHeaders(requestId), 'content-type': PROBLEM_TYPE, ...headers },
    body: request.method === 'HEAD' ? null : JSON.stringify(body),
  }
}

function fixedHeaders(requestId: string): Readonly<Record<string, string>> {
  return { 'x-request-id': requestId, 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' }
}

/** The path as it was sent, still encoded, without the query. */
function pathOf({ url }: ApiRequest): string {
  return new URL(url).pathname
}
