import { describe, expect, it } from 'vitest'

import { admitContract } from './admit-contract'

const TODAY = '2026-11-19'

function admit(startsOn: string, endsOn: string, before: readonly [string, string] | null = null, today = TODAY) {
  const stands = before === null ? null : { startsOn: before[0], endsOn: before[1] }
  const admitted = admitContract({ startsOn, endsOn }, stands, today)
  return admitted.ok ? 'admitted' : `${admitted.error.path}: ${admitted.error.message}`
}

describe('a contract', () => {
  it.each([
    ['of whole years', '2027-01-01', '2029-12-31'],
    ['that has begun', '2025-03-15', '2028-03-14'],
    ['with a shorter last year', '2026-01-01', '2027-06-30'],
    ['of a single day', TODAY, TODAY],
    ['that began on a leap day', '2024-02-29', '2028-02-28'],
  ])('%s is admitted', (_, startsOn, endsOn) => {
    expect(admit(startsOn, endsOn)).toBe('admitted')
  })

  it.each([
    ['2027-01-01', '2026-12-31', 'ends_on: Use a day that is not before starts_on.'],
    [
      '2026-01-01',
      '2027-01-01',
      'ends_on: The last contract year would be a single day. For whole years use 2026-12-31.',
    ],
    ['2026-01-01', '2076-01-02', 'ends_on: Use a contract of at most 50 years.'],
    ['2024-01-01', '2025-12-31', 'ends_on: Use a last day that is not over yet.'],
  ])('from %s to %s is refused', (startsOn, endsOn, sentence) => {
    expect(admit(startsOn, endsOn)).toBe(sentence)
  })

  it('that has not begun may move as a whole', () => {
    expect(admit('2027-06-01', '2028-05-31', ['2027-01-01', '2027-12-31'])).toBe('admitted')
  })

  it('that has begun keeps its first day, and may end later or earlier, but not in the past', () => {
    const running = ['2026-01-01', '2027-12-31'] as const
    expect(admit('2026-02-01', '2028-01-31', running)).toBe(
      'starts_on: This contract has begun on 2026-01-01, and its years stay where they are. Keep that day.',
    )
    expect(admit('2026-01-01', '2029-12-31', running)).toBe('admitted')
    expect(admit('2026-01-01', TODAY, running)).toBe('admitted')
    expect(admit('2026-01-01', '2026-11-18', running)).toBe('ends_on: Use a last day that is not over yet.')
  })

  it('follows one that is over, from a day after its last', () => {
    const over = ['2024-01-01', '2025-12-31'] as const
    expect(admit('2025-12-31', '2026-12-30', over)).toBe(
      'starts_on: The contract before it ended on 2025-12-31. Use a later day.',
    )
    expect(admit('2026-01-01', '2026-12-31', over)).toBe('admitted')
  })

  it('is admitted again as it stands, also when it is over: the same call answers the same', () => {
    expect(admit('2024-01-01', '2025-12-31', ['2024-01-01', '2025-12-31'])).toBe('admitted')
  })
})
