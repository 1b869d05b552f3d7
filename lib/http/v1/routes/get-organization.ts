import 'server-only'

import { organizationAnswer, toOrganizationAnswer } from '@/lib/organizations/organization-contract'
import { readOrganization } from '@/lib/organizations/read-organization'

import { answer, param, refuse, route } from '../route'

/** `GET /organizations/{org}`. */
export const getOrganizationRoute = route({
  method: 'GET',
  path: '/organizations/{org}',
  summary: 'A customer, with the policy in force for it',
  answers: { 200: { description: 'The organization.', schema: organizationAnswer } },
  handle: async (call) => {
    const { actor } = call
    const result = await readOrganization(actor, { mode: actor.mode, organization: param(call, 'org') })
    return result.ok ? answer(200, toOrganizationAnswer(result.value)) : refuse(result.error)
  },
})
