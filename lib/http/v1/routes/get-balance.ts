import 'server-only'

import { readBalance } from '@/lib/analytics/read-balance'
import { balanceAnswer } from '@/lib/usage/contract'

import { param, respond, route } from '../route'

/** `GET /organizations/{org}/balance`. */
export const getBalanceRoute = route({
  method: 'GET',
  path: '/organizations/{org}/balance',
  summary: 'What an organization has and can spend now',
  answers: { 200: { description: 'The wallets.', schema: balanceAnswer } },
  handle: async (call) => respond(200, await readBalance(call.actor, param(call, 'org'), call.clock)),
})
