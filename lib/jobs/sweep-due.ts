import 'server-only'

import { systemClock } from '@/lib/clock'
import { sweepDue as sweep } from '@/lib/schedule/sweep-due'

/** Task `sweep_due`, every minute: does what has fallen due in any account. What cannot be done now is found again by the next. */
export async function sweepDue(): Promise<void> {
  await sweep({ kind: 'job', task: 'sweep_due' }, systemClock)
}
