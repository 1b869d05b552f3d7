import 'server-only'

import { readEntry } from '@/lib/analytics/read-entry'
import { entryDetailAnswer } from '@/lib/usage/contract'

import { param, respond, route } from '../route'

/** `GET /organizations/{org}/entries/{id}`. */
export const getEntryRoute = route({
  method: 'GET',
  path: '/organizations/{org}/entries/{id}',
  summary: 'An entry with its allocations, price version and arithmetic',
  answers: { 200: { description: 'Why this number.', schema: entryDetailAnswer } },
  handle: async (call) => respond(200, await readEntry(call.actor, param(call, 'org'), param(call, 'id'))),
})
