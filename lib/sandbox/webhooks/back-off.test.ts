import { expect, it } from 'vitest'
import { MOST_ATTEMPTS, waitAfterAttempt } from './back-off'

it('waits a second first, longer after each failure, and never more than an hour', () => {
  const waits = Array.from({ length: MOST_ATTEMPTS }, (_, attempt) => waitAfterAttempt(attempt + 1))
  expect(waits.slice(0, 3)).toEqual([1000, 2000, 4000])
  expect(Math.max(...waits)).toBe(3_600_000)
  expect(waits).toEqual([...waits].sort((left, right) => left - right))
})
