import 'server-only'

import { createOrganization } from '@/lib/organizations/create-organization'
import { createOrganizationSchema } from '@/lib/organizations/contract'
import { organizationAnswer, toOrganizationAnswer } from '@/lib/organizations/organization-contract'

import { answer, refuse, route } from '../route'

/** `POST /organizations`. */
export const createOrganizationRoute = route({
  method: 'POST',
  path: '/organizations',
  summary: 'Make a customer known',
  body: createOrganizationSchema,
  answers: {
    201: { description: 'It was made.', schema: organizationAnswer },
    200: { description: 'It exists with the same body.', schema: organizationAnswer },
  },
  handle: async ({ actor, body, clock }) => {
    const result = await createOrganization(actor, body, clock)
    if (!result.ok) return refuse(result.error)
    const { organization, created } = result.value
    return answer(created ? 201 : 200, toOrganizationAnswer(organization))
  },
})
