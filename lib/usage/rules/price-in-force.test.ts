import { describe, expect, it } from 'vitest'
import { admitPriceVersion, priceInForce } from './price-in-force'

const january = { name: 'january', effectiveFrom: new Date('2026-01-01T00:00:00Z') }
const march = { name: 'march', effectiveFrom: new Date('2026-03-01T00:00:00Z') }
const june = { name: 'june', effectiveFrom: new Date('2026-06-01T00:00:00Z') }

describe('the price in force', () => {
  it.each([
    ['2026-01-01T00:00:00.000Z', 'january'],
    ['2026-02-28T23:59:59.999Z', 'january'],
    ['2026-03-01T00:00:00.000Z', 'march'],
    ['2026-05-31T23:59:59.999Z', 'march'],
    ['2030-01-01T00:00:00.000Z', 'june'],
  ])('at %s is that of %s, in whatever order the versions are listed', (at, name) => {
    expect(priceInForce([march, june, january], new Date(at))?.name).toBe(name)
    expect(priceInForce([january, march, june], new Date(at))?.name).toBe(name)
  })

  it('is none before the first version', () => {
    expect(priceInForce([march], new Date('2026-02-28T23:59:59.999Z'))).toBeNull()
    expect(priceInForce([], new Date())).toBeNull()
  })
})

describe('a new price version', () => {
  const now = new Date('2026-04-01T00:00:00Z')
  const unrated = { versions: [january, march], lastRatedAt: null, now }

  it('is refused when another version begins at the same instant', () => {
    expect(admitPriceVersion(march.effectiveFrom, unrated)).toEqual({ ok: false, error: 'same_instant' })
  })

  it('may begin in the past while nothing was rated from then on', () => {
    const past = new Date('2026-03-15T00:00:00Z')
    const before = new Date('2026-03-14T23:59:59.999Z')
    expect(admitPriceVersion(past, unrated).ok).toBe(true)
    expect(admitPriceVersion(past, { ...unrated, lastRatedAt: before }).ok).toBe(true)
    expect(admitPriceVersion(past, { ...unrated, lastRatedAt: past })).toEqual({ ok: false, error: 'already_rated' })
  })

  it('may always begin now or later', () => {
    const ahead = new Date('2026-04-01T00:05:00Z')
    expect(admitPriceVersion(now, { ...unrated, lastRatedAt: ahead }).ok).toBe(true)
    expect(admitPriceVersion(june.effectiveFrom, { ...unrated, lastRatedAt: now }).ok).toBe(true)
  })
})
