import 'server-only'

import { reportUsage } from '@/lib/analytics/report-usage'
import { usageReportAnswer, usageReportQuery, type UsageReportQuery } from '@/lib/analytics/usage-contract'

import { param, respond, route } from '../route'

/** `GET /organizations/{org}/usage`. */
export const reportUsageRoute = route<undefined, UsageReportQuery>({
  method: 'GET',
  path: '/organizations/{org}/usage',
  summary: 'What was used, charged, and cost you, in sums',
  query: usageReportQuery,
  answers: { 200: { description: 'The sums, in the order of the groups.', schema: usageReportAnswer } },
  handle: async (call) => respond(200, await reportUsage(call.actor, param(call, 'org'), call.query, call.clock)),
})
