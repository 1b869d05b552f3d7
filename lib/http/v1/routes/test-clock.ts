import 'server-only'

import { advanceTestClock } from '@/lib/schedule/advance-test-clock'
import { advanceInput, testClockAnswer, type AdvanceInput } from '@/lib/schedule/contract'
import { removeTestClock } from '@/lib/schedule/remove-test-clock'

import { param, respond, route } from '../route'

/** `POST /test_clock/{org}/advance`. */
export const advanceTestClockRoute = route<AdvanceInput>({
  method: 'POST',
  path: '/test_clock/{org}/advance',
  summary: 'Let time pass for an organization, with all that falls due',
  body: advanceInput,
  answers: { 200: { description: 'All that was due has happened; the clock stands still.', schema: testClockAnswer } },
  handle: async ({ actor, params, body, clock }) =>
    respond(200, await advanceTestClock(actor, param({ params }, 'org'), body, clock)),
})

/** `DELETE /test_clock/{org}`. */
export const removeTestClockRoute = route({
  method: 'DELETE',
  path: '/test_clock/{org}',
  summary: 'Put an organization back to real time',
  answers: { 200: { description: 'The present.', schema: testClockAnswer } },
  handle: async (call) => respond(200, await removeTestClock(call.actor, param(call, 'org'), call.clock)),
})
