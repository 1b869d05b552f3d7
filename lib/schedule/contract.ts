import { z } from 'zod'

import { instantField, strict } from '@/lib/usage/field-contract'

/** `POST /test_clock/{org}/advance`. */
export const advanceInput = strict({
  to: instantField.meta({ description: 'After the present of the organization, and at most 400 days from it.' }),
}).meta({ id: 'TestClockInput' })
export type AdvanceInput = z.infer<typeof advanceInput>

/** The present of an organization. */
export const testClockAnswer = z.object({ now: instantField }).meta({ id: 'TestClock' })
export type TestClockAnswer = z.infer<typeof testClockAnswer>
