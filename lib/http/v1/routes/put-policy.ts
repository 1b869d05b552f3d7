import 'server-only'

import { policyOverrideSchema } from '@/lib/organizations/contract'
import { policyAnswer } from '@/lib/organizations/organization-contract'
import { setPolicy } from '@/lib/organizations/set-policy'

import { param, respond, route } from '../route'

/** `PUT /organizations/{org}/policy`. */
export const putPolicyRoute = route({
  method: 'PUT',
  path: '/organizations/{org}/policy',
  summary: "Set values of an organization's policy; what is not named stays",
  body: policyOverrideSchema,
  answers: { 200: { description: 'The policy in force, each value with its source.', schema: policyAnswer } },
  handle: async (call) => respond(200, await setPolicy(call.actor, param(call, 'org'), call.body, call.clock)),
})
