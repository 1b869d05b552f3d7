import 'server-only'

import { toUsageEvent, usageAnswer, usageEventInput } from '@/lib/usage/contract'
import { findUsageAccount } from '@/lib/usage/find-usage-account'
import { recordUsage } from '@/lib/usage/record-usage'
import { toUsageAnswer } from '@/lib/usage/usage-answer'

import { answer, refuse, route } from '../route'

/** `POST /usage`. */
export const recordUsageRoute = route({
  method: 'POST',
  path: '/usage',
  summary: 'Record one metered fact and charge it',
  body: usageEventInput,
  answers: {
    201: { description: 'It was recorded.', schema: usageAnswer },
    200: { description: 'It was recorded before; these are the first figures.', schema: usageAnswer },
  },
  handle: async ({ actor, body, clock }) => {
    const account = await findUsageAccount(actor, body.organization)
    if (!account.ok) return refuse(account.error)
    const recorded = await recordUsage(actor, account.value, [toUsageEvent(body)], clock)
    if (!recorded.ok) return refuse(recorded.error)
    const [decision] = recorded.value
    if (decision === undefined) throw new Error('an event was not decided')
    if (!decision.ok) return refuse(decision.error, account.value.slug)
    const usage = toUsageAnswer(decision.value)
    return answer(decision.value.isDuplicate ? 200 : 201, usage, {
      'x-credits-cost': usage.amount,
      'x-credits-available': usage.available,
      'x-credits-asset': usage.asset,
    })
  },
})
