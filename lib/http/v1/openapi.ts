import 'server-only'

import { OpenApiGeneratorV31, OpenAPIRegistry, type RouteConfig } from '@asteasolutions/zod-to-openapi'
import { z } from 'zod'

import { problemAnswer } from '@/lib/usage/contract'

import { answer, route, type Route } from './route'

const PATH_NAME = /\{(\w+)\}/g
const REFUSALS: Readonly<Record<number, string>> = {
  401: 'The key is missing, wrong or revoked.',
  404: 'It does not exist in the mode of the key.',
  422: 'Something in the request cannot be used; `errors` names each field.',
  503: 'Nothing was recorded, or sending the same id again is safe.',
}
const BODY_REFUSALS: Readonly<Record<number, string>> = {
  400: 'The body is not JSON, or the Idempotency-Key is missing.',
  402: 'There are not enough credits.',
  409: 'It exists with another body, or cannot be done now.',
  413: 'The body is larger than 1 MiB.',
  415: 'The body is not sent as application/json.',
}

/** `GET /openapi.json`: the interface as OpenAPI 3.1, from the very schemas that validate. Needs no key. */
export function openApiRoute(routes: readonly Route[]): Route {
  let text: object | undefined
  return route({
    method: 'GET',
    path: '/openapi.json',
    summary: 'This interface, as OpenAPI 3.1',
    isPublic: true,
    answers: { 200: { description: 'The document.', schema: z.looseObject({}) } },
    handle: () => {
      text ??= openApiDocument(routes)
      return Promise.resolve(answer(200, text))
    },
  })
}

/** The document of these routes. */
function openApiDocument(routes: readonly Route[]): object {
  const registry = new OpenAPIRegistry()
  registry.registerComponent('securitySchemes', 'key', { type: 'http', scheme: 'bearer' })
  for (const each of routes) registry.registerPath(pathOf(each))
  return new OpenApiGeneratorV31(registry.definitions).generateDocument({
    openapi: '3.1.0',
    info: { title: 'Purser', version: '1', description: 'Prepaid-credit billing for the backend of the operator.' },
    servers: [{ url: '/api/v1' }],
    security: [{ key: [] }],
  })
}

function pathOf({
  method,
  path,
  summary,
  body,
  isBodyOptional,
  query,
  answers,
  needsIdempotencyKey,
}: Route): RouteConfig {
  const names = [...path.matchAll(PATH_NAME)].flatMap(([, name]) => name ?? [])
  const headers = z.object({ 'Idempotency-Key': z.string().min(1).max(255) })
  return {
    method: method.toLowerCase() as 'get' | 'post' | 'put' | 'delete',
    path,
    summary,
    request: {
      ...(names.length === 0 ? {} : { params: z.object(Object.fromEntries(names.map((name) => [name, z.string()]))) }),
      ...(query instanceof z.ZodObject ? { query } : {}),
      ...(needsIdempotencyKey === undefined || needsIdempotencyKey === false ? {} : { headers }),
      ...(body === undefined
        ? {}
        : { body: { required: isBodyOptional !== true, content: { 'application/json': { schema: body } } } }),
    },
    responses: {
      ...Object.fromEntries(
        Object.entries(answers).map(([status, { description, schema }]) => [
          status,
          { description, content: { 'application/json': { schema } } },
        ]),
      ),
      ...refusals(body === undefined ? REFUSALS : { ...REFUSALS, ...BODY_REFUSALS }),
    },
  }
}

function refusals(described: Readonly<Record<number, string>>): RouteConfig['responses'] {
  return Object.fromEntries(
    Object.entries(described).map(([status, description]) => [
      status,
      { description, content: { 'application/problem+json': { schema: problemAnswer } } },
    ]),
  )
}
