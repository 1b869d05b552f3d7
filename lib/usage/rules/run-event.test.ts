import { expect, it } from 'vitest'

import { parseQuantity } from '@/lib/money/quantity'

import type { Price } from './price'
import { isRunEventId, priceOfEvent, runEventId } from './run-event'

const RUN = 'run_01h455vb4pex5vsknk084sn02q'
const minimum = parseQuantity('3600')
if (!minimum.ok) throw new Error('it can be read')
const PRICE = { id: 'p', minimumQuantity: minimum.value } as Price

it.each([
  [runEventId(RUN, 0), true],
  [runEventId(RUN, 36_000), true],
  [RUN, false],
  [`${RUN}:`, false],
  [`${RUN}:01`, false],
  [`${RUN}:1.5`, false],
  ['run_1:60', false],
  [`grt_01h455vb4pex5vsknk084sn02q:60`, false],
])('%s names usage of a run: %s', (id, isOurs) => {
  expect(isRunEventId(id)).toBe(isOurs)
})

it('bills the minimum of a price with the first event of a run and with any other usage, and never again in a run', () => {
  expect(priceOfEvent(PRICE, runEventId(RUN, 0))).toBe(PRICE)
  expect(priceOfEvent(PRICE, 'my own id')).toBe(PRICE)
  expect(priceOfEvent(PRICE, runEventId(RUN, 3600))).toEqual({ ...PRICE, minimumQuantity: null })
})
