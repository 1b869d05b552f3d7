import { parseCrontab } from 'graphile-worker'
import { expect, it } from 'vitest'

import { CRONTAB } from './worker'

it('sweeps every minute, with at most one sweep waiting', () => {
  const [sweep, ...others] = parseCrontab(CRONTAB)
  expect(others).toEqual([])
  expect(sweep).toMatchObject({ task: 'sweep_due', options: { jobKey: 'sweep_due', maxAttempts: 1 } })
  const minutes = { timestamp: 0, dow: 1, date: 1, month: 1, hour: 0 }
  expect(Array.from({ length: 60 }, (_, min) => sweep?.match({ ...minutes, min } as never))).not.toContain(false)
})
