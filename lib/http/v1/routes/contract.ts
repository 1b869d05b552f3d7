import 'server-only'

import { contractAnswer, contractInput, type ContractInput } from '@/lib/billing/package-contract'
import { putContractTerms } from '@/lib/billing/periods/put-contract-terms'
import { readContractTerms } from '@/lib/billing/periods/read-contract-terms'

import { param, respond, route } from '../route'

/** `GET /organizations/{org}/contract`. */
export const getContractRoute = route({
  method: 'GET',
  path: '/organizations/{org}/contract',
  summary: 'The contract of an organization',
  answers: { 200: { description: 'The contract.', schema: contractAnswer } },
  handle: async (call) => respond(200, await readContractTerms(call.actor, param(call, 'org'), call.clock)),
})

/** `PUT /organizations/{org}/contract`. */
export const putContractRoute = route<ContractInput>({
  method: 'PUT',
  path: '/organizations/{org}/contract',
  summary: 'Give an organization a contract, or change it for the years to come',
  body: contractInput,
  answers: { 200: { description: 'The contract.', schema: contractAnswer } },
  handle: async (call) => respond(200, await putContractTerms(call.actor, param(call, 'org'), call.body, call.clock)),
})
