import { describe, expect, it } from 'vitest'

import { watchDebt, type WatchedDebt } from './run-debt'

const START = new Date('2026-11-23T12:00:00Z')
const at = (minutes: number) => new Date(START.getTime() + minutes * 60_000)
const NONE: WatchedDebt = { since: null, askedAt: null }

describe('the debt of a run that a card pays for', () => {
  it.each([
    ['waits while it is small and young', 10n, true, NONE, at(0), false],
    ['waits at the limit', 1_000n, true, NONE, at(0), false],
    ['is asked for beyond the limit', 1_001n, true, NONE, at(0), true],
    ['waits until it is an hour old', 10n, true, { since: at(0), askedAt: null }, at(59), false],
    ['is asked for when it is an hour old', 10n, true, { since: at(0), askedAt: null }, at(60), true],
    ['is not asked for again within the hour', 5_000n, true, { since: at(0), askedAt: at(30) }, at(89), false],
    ['is asked for again after an hour', 5_000n, true, { since: at(0), askedAt: at(30) }, at(90), true],
    ['is asked for when the run ends, whenever that is', 10n, false, { since: at(0), askedAt: at(1) }, at(2), true],
    ['is nothing to ask for when there is none', 0n, false, { since: at(0), askedAt: at(1) }, at(2), false],
  ])('%s', (_name, debt, isRunning, watched, now, isToBeSettled) => {
    expect(watchDebt(watched, { debt, limit: 1_000n, isRunning }, now).isToBeSettled).toBe(isToBeSettled)
  })

  it('is as old as its first sight, and forgotten once it is settled', () => {
    const seen = watchDebt(NONE, { debt: 1n, limit: 1_000n, isRunning: true }, at(5)).debt
    expect(seen).toEqual({ since: at(5), askedAt: null })
    expect(watchDebt(seen, { debt: 2n, limit: 1_000n, isRunning: true }, at(9)).debt).toEqual(seen)
    expect(watchDebt(seen, { debt: 0n, limit: 1_000n, isRunning: true }, at(9)).debt).toEqual(NONE)
  })
})
