import { describe, expect, it } from 'vitest'
import { refuseOccurredAt } from './usage-event'

describe('when an event occurred', () => {
  const now = new Date('2026-03-10T00:00:00.000Z')

  it.each([
    ['2026-03-10T00:00:00.000Z', true],
    ['2026-03-10T00:05:00.000Z', true],
    ['2026-03-10T00:05:00.001Z', false],
    ['2026-02-04T00:00:00.000Z', true],
    ['2026-02-03T23:59:59.999Z', false],
  ])('is accepted up to 34 days back and 5 minutes ahead: %s, %s', (at, isAccepted) => {
    const refusal = refuseOccurredAt(new Date(at), now)
    expect(refusal === null).toBe(isAccepted)
    expect(refusal?.path).toBe(isAccepted ? undefined : 'occurred_at')
  })
})
