import 'server-only'

import type { z } from 'zod'

import type { Actor } from '@/lib/auth/rules/actor'
import type { Clock } from '@/lib/clock'
import type { PurserError } from '@/lib/errors'
import type { ProblemContext } from '@/lib/http/problem'
import { err, ok, type Result } from '@/lib/result'

/** Who calls: an API key. Its mode is all that it can see. */
export type KeyActor = Extract<Actor, { kind: 'key' }>

/** A call that was authenticated and validated. `params` are the decoded `{names}` of the path. */
export type ApiCall<Body, Query> = {
  readonly actor: KeyActor
  readonly params: Readonly<Record<string, string>>
  readonly body: Body
  readonly query: Query
  readonly clock: Clock
  readonly problem: ProblemContext
  /** The `Idempotency-Key` and the hash of what was asked with it; null on routes that need none. */
  readonly idempotency: Idempotency | null
}

/** Makes a call happen once. */
export type Idempotency = { readonly route: string; readonly key: string; readonly bodyHash: string }

/** What a route answers: a value to be sent as JSON. */
export type RouteAnswer = {
  readonly status: number
  readonly value: unknown
  /** The answer as JSON text already: a replay is sent as it was first given, to the letter. */
  readonly text?: string
  readonly headers?: Readonly<Record<string, string>>
}

/** Why a route refuses, and whose organization it is about, when it is known. */
export type Refusal = { readonly error: PurserError; readonly organizationSlug?: string | undefined }

type Documented = { readonly description: string; readonly schema: z.ZodType }

/** One route of the API: what it takes, what it answers, and the verb that it calls. */
export type RouteDefinition<Body = unknown, Query = unknown> = {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** As api.md writes it, under `/api/v1`: `/organizations/{org}`. */
  readonly path: string
  readonly summary: string
  readonly body?: z.ZodType<Body>
  /** A request that sends no body says `{}`. */
  readonly isBodyOptional?: boolean
  readonly query?: z.ZodType<Query>
  readonly answers: Readonly<Record<number, Documented>>
  /** Which calls need an `Idempotency-Key`: all of them, or those whose query says so. */
  readonly needsIdempotencyKey?: boolean | ((query: Query) => boolean)
  /** Answered without a key: it shows nothing that belongs to anyone. */
  readonly isPublic?: boolean
  readonly handle: (call: ApiCall<Body, Query>) => Promise<Result<RouteAnswer, Refusal>>
}

/** A route of the table, its own types forgotten: `handle` is only ever given what its schemas have read. */
export type Route = Omit<RouteDefinition, 'handle' | 'needsIdempotencyKey'> & {
  readonly needsIdempotencyKey?: boolean | ((query: unknown) => boolean)
  readonly handle: (call: ApiCall<unknown, unknown>) => Promise<Result<RouteAnswer, Refusal>>
}

/** Defines a route. Without a `body` or `query` schema, a body is not read and any query parameter is refused. */
export function route<Body = undefined, Query = unknown>(definition: RouteDefinition<Body, Query>): Route {
  return definition as unknown as Route
}

/** Answers a value. */
export function answer(
  status: number,
  value: unknown,
  headers: Readonly<Record<string, string>> = {},
): Result<RouteAnswer, Refusal> {
  return ok({ status, value, headers })
}

/** Refuses. */
export function refuse(error: PurserError, organizationSlug?: string): Result<RouteAnswer, Refusal> {
  return err({ error, organizationSlug })
}

/** Answers a verb's outcome: its value with this status, or its error. */
export function respond(status: number, result: Result<unknown, PurserError>): Result<RouteAnswer, Refusal> {
  return result.ok ? answer(status, result.value) : refuse(result.error)
}

/** Answers what was done once per idempotency key, as it was first answered. */
export function respondOnce(
  status: number,
  result: Result<{ readonly answer: string; readonly isReplay: boolean }, PurserError>,
  headers: Readonly<Record<string, string>> = {},
): Result<RouteAnswer, Refusal> {
  if (!result.ok) return refuse(result.error)
  const { answer: text, isReplay } = result.value
  const replayed = isReplay ? { 'idempotent-replayed': 'true' } : {}
  return ok({ status, value: undefined, text, headers: { ...headers, ...replayed } })
}

/** A parameter of the path. The router has filled in every name that the path has. */
export function param(call: { readonly params: Readonly<Record<string, string>> }, name: string): string {
  const value = call.params[name]
  if (value === undefined) throw new Error(`the path has no {${name}}`)
  return value
}

/** The idempotency key of a route that needs one: the wrapper has refused the call without it. */
export function idempotencyOf(call: { readonly idempotency: Idempotency | null }): Idempotency {
  if (call.idempotency === null) throw new Error('the route does not ask for an Idempotency-Key')
  return call.idempotency
}
