import 'server-only'

import { listEntries } from '@/lib/analytics/list-entries'
import { entriesAnswer, entriesQuery } from '@/lib/usage/contract'

import { param, respond, route } from '../route'

/** `GET /organizations/{org}/entries`. */
export const listEntriesRoute = route({
  method: 'GET',
  path: '/organizations/{org}/entries',
  summary: 'The journal of an organization, newest first',
  query: entriesQuery,
  answers: { 200: { description: 'A page of entries.', schema: entriesAnswer } },
  handle: async (call) => respond(200, await listEntries(call.actor, param(call, 'org'), call.query)),
})
