import { expect, it } from 'vitest'

import { refuseAdvance } from './admit-advance'

const present = new Date('2027-01-31T12:00:00Z')
const after = (ms: number) => new Date(present.getTime() + ms)
const DAY_MS = 86_400_000

it.each([
  ['a millisecond ahead', after(1), null],
  ['400 days ahead', after(400 * DAY_MS), null],
  ['where the clock stands, once more', present, present],
])('a clock may be moved to %s', (_name, to, standing) => {
  expect(refuseAdvance(to, present, standing)).toBeNull()
})

it.each([
  ['backwards', after(-1), present, 'Use an instant after the present, which is 2027-01-31T12:00:00.000Z.'],
  [
    'to the present of real time',
    present,
    null,
    'Use an instant after the present, which is 2027-01-31T12:00:00.000Z.',
  ],
  ['further than 400 days', after(400 * DAY_MS + 1), present, 'Move the clock by at most 400 days at a time.'],
])('a clock is not moved %s', (_name, to, standing, message) => {
  expect(refuseAdvance(to, present, standing)).toEqual({ code: 'invalid_input', errors: [{ path: 'to', message }] })
})
