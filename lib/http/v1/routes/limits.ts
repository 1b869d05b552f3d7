import 'server-only'

import { limitAnswer, limitInput, limitsAnswer, type LimitInput } from '@/lib/usage/limit-contract'
import { listLimits } from '@/lib/usage/list-limits'
import { putLimit } from '@/lib/usage/put-limit'

import { answer, param, refuse, respond, route } from '../route'

/** `PUT /organizations/{org}/limits/{id}`. */
export const putLimitRoute = route<LimitInput>({
  method: 'PUT',
  path: '/organizations/{org}/limits/{id}',
  summary: 'Set how much may be spent in a period',
  body: limitInput,
  answers: { 200: { description: 'The limit.', schema: limitAnswer } },
  handle: async (call) =>
    respond(200, await putLimit(call.actor, param(call, 'org'), param(call, 'id'), call.body, call.clock)),
})

/** `GET /organizations/{org}/limits`. */
export const listLimitsRoute = route({
  method: 'GET',
  path: '/organizations/{org}/limits',
  summary: 'The spend limits of an organization, with what was spent under each',
  answers: { 200: { description: 'The limits.', schema: limitsAnswer } },
  handle: async (call) => {
    const limits = await listLimits(call.actor, param(call, 'org'), call.clock)
    return limits.ok ? answer(200, { data: limits.value }) : refuse(limits.error)
  },
})
