import 'server-only'

import { grantAnswer, grantInput, grantsAnswer, type GrantInput } from '@/lib/billing/grant-contract'
import { grantCredits } from '@/lib/billing/grant-credits'
import { listGrants, readGrant } from '@/lib/billing/read-grants'
import { voidGrant } from '@/lib/billing/void-grant'

import { answer, idempotencyOf, param, refuse, respond, respondOnce, route } from '../route'

/** `POST /grants`. */
export const createGrantRoute = route<GrantInput>({
  method: 'POST',
  path: '/grants',
  summary: 'Give credits',
  body: grantInput,
  needsIdempotencyKey: true,
  answers: { 201: { description: 'The grant.', schema: grantAnswer } },
  handle: async (call) => {
    const { actor, body, clock } = call
    return respondOnce(201, await grantCredits(actor, { ...body, mode: actor.mode }, idempotencyOf(call), clock))
  },
})

/** `GET /grants/{id}`. */
export const getGrantRoute = route({
  method: 'GET',
  path: '/grants/{id}',
  summary: 'A grant',
  answers: { 200: { description: 'The grant.', schema: grantAnswer } },
  handle: async (call) => respond(200, await readGrant(call.actor, param(call, 'id'), call.clock)),
})

/** `POST /grants/{id}/void`. */
export const voidGrantRoute = route({
  method: 'POST',
  path: '/grants/{id}/void',
  summary: 'Take back what is left of a grant',
  answers: { 200: { description: 'The grant.', schema: grantAnswer } },
  handle: async (call) => respond(200, await voidGrant(call.actor, param(call, 'id'), call.clock)),
})

/** `GET /organizations/{org}/grants`. */
export const listGrantsRoute = route({
  method: 'GET',
  path: '/organizations/{org}/grants',
  summary: 'The open grants of an organization, in the order in which they are spent',
  answers: { 200: { description: 'The grants.', schema: grantsAnswer } },
  handle: async (call) => {
    const grants = await listGrants(call.actor, param(call, 'org'), call.clock)
    return grants.ok ? answer(200, { data: grants.value }) : refuse(grants.error)
  },
})
