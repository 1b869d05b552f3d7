import 'server-only'

import { authorize, explainAuthorization } from '@/lib/usage/authorizations/authorize'
import {
  authorizationAnswer,
  authorizationInput,
  authorizationQuery,
  authorizationTraceAnswer,
  captureAnswer,
  captureInput,
  extendInput,
  type AuthorizationInput,
  type AuthorizationQuery,
  type CaptureInput,
  type ExtendInput,
} from '@/lib/usage/authorization-contract'
import { capture } from '@/lib/usage/authorizations/capture'
import { extend } from '@/lib/usage/authorizations/extend'
import { findAuthorization } from '@/lib/usage/authorizations/find-authorization'
import { findUsageAccount } from '@/lib/usage/find-usage-account'
import { readAuthorization } from '@/lib/usage/authorizations/read-authorization'
import { release } from '@/lib/usage/authorizations/release'

import { hashOf } from '../idempotency'
import { idempotencyOf, param, refuse, respond, respondOnce, route } from '../route'

/** `POST /authorizations`, and what it would decide: `?dry_run=true`. */
export const createAuthorizationRoute = route<AuthorizationInput, AuthorizationQuery>({
  method: 'POST',
  path: '/authorizations',
  summary: 'Set credits aside before they are spent',
  body: authorizationInput,
  query: authorizationQuery,
  needsIdempotencyKey: ({ dry_run: isDryRun }) => isDryRun !== 'true',
  answers: {
    201: { description: 'The credits are set aside.', schema: authorizationAnswer },
    200: { description: 'A dry run: what would be decided, and why.', schema: authorizationTraceAnswer },
  },
  handle: async (call) => {
    const { actor, body, query, clock } = call
    const account = await findUsageAccount(actor, body.organization)
    if (!account.ok) return refuse(account.error)
    if (query.dry_run === 'true') {
      return respond(200, await explainAuthorization(actor, account.value, body, clock))
    }
    const held = await authorize(actor, account.value, body, idempotencyOf(call), clock)
    if (!held.ok) return refuse(held.error, account.value.slug)
    const { amount, asset } = authorizationAnswer.parse(JSON.parse(held.value.answer))
    return respondOnce(201, held, { 'x-credits-cost': amount, 'x-credits-asset': asset })
  },
})

/** `GET /authorizations/{id}`. */
export const getAuthorizationRoute = route({
  method: 'GET',
  path: '/authorizations/{id}',
  summary: 'An authorization',
  answers: { 200: { description: 'The authorization as it stands.', schema: authorizationAnswer } },
  handle: async (call) => respond(200, await readAuthorization(call.actor, param(call, 'id'), call.clock)),
})

/** `POST /authorizations/{id}/capture`. */
export const captureRoute = route<CaptureInput>({
  method: 'POST',
  path: '/authorizations/{id}/capture',
  summary: 'Charge usage to an authorization, in part or whole',
  body: captureInput,
  answers: { 200: { description: 'What was captured; the same again for the same event.', schema: captureAnswer } },
  handle: async (call) => {
    const { actor, body, clock } = call
    const found = await findAuthorization(actor, param(call, 'id'))
    if (!found.ok) return refuse(found.error)
    const bodyHash = hashOf({ hold: found.value.hold.state.id, body })
    const captured = await capture(actor, found.value, body, bodyHash, clock)
    if (!captured.ok) return refuse(captured.error, found.value.account.slug)
    const { amount, available, asset } = captureAnswer.parse(JSON.parse(captured.value.answer))
    const headers = { 'x-credits-cost': amount, 'x-credits-available': available, 'x-credits-asset': asset }
    return respondOnce(200, captured, headers)
  },
})

/** `POST /authorizations/{id}/release`. */
export const releaseRoute = route({
  method: 'POST',
  path: '/authorizations/{id}/release',
  summary: 'Free what an authorization still sets aside',
  answers: { 200: { description: 'The authorization.', schema: authorizationAnswer } },
  handle: async (call) => {
    const found = await findAuthorization(call.actor, param(call, 'id'))
    return found.ok ? respondOnce(200, await release(call.actor, found.value, call.clock)) : refuse(found.error)
  },
})

/** `POST /authorizations/{id}/extend`. */
export const extendRoute = route<ExtendInput>({
  method: 'POST',
  path: '/authorizations/{id}/extend',
  summary: 'Keep an open authorization for longer',
  body: extendInput,
  answers: { 200: { description: 'The authorization with its new expiry.', schema: authorizationAnswer } },
  handle: async (call) => {
    const found = await findAuthorization(call.actor, param(call, 'id'))
    if (!found.ok) return refuse(found.error)
    return respondOnce(200, await extend(call.actor, found.value, call.body, call.clock))
  },
})
