import { describe, expect, it } from 'vitest'

import { cents } from '@/lib/money/cents'
import { aGrant, hour } from '@/lib/testing/ledger'

import { compareExpiry, lotLabel, scopeWords, whyFirst } from './lots'

const METERS = new Map([['embed_tokens', { name: 'Embedding tokens' }]])

describe('why one grant pays before another', () => {
  const plain = aGrant('plain', 10, { sequence: 9n })

  it('names the first rule of the spending order that tells them apart', () => {
    const soon = aGrant('soon', 10, { expiresAt: hour(10) })
    expect(whyFirst(soon, plain, METERS)).toBe('expires, the rest does not')
    expect(whyFirst(soon, aGrant('later', 10, { expiresAt: hour(20) }), METERS)).toBe('expires first')
    expect(whyFirst(aGrant('urgent', 10, { priority: 10 }), soon, METERS)).toBe('has priority 10')
    expect(whyFirst(aGrant('scoped', 10, { scope: { models: ['embed'] } }), plain, METERS)).toBe(
      'may only be spent on embed',
    )
    expect(whyFirst(aGrant('free', 10, { costBasisCents: cents(0n) }), plain, METERS)).toMatch(/^was free/)
    expect(whyFirst(aGrant('old', 10, { sequence: 1n }), plain, METERS)).toBe('came first')
  })

  it('says nothing of a grant that pays later', () => {
    expect(whyFirst(plain, aGrant('soon', 10, { expiresAt: hour(10) }), METERS)).toBeNull()
  })
})

describe('a lot', () => {
  it('is called by what it was given for, and a purchase by being paid', () => {
    expect(lotLabel(aGrant('a', 1, { source: 'promo', purpose: 'Launch week' }))).toBe('Launch week')
    expect(lotLabel(aGrant('a', 1, { source: 'promo', purpose: ' ' }))).toBe('promo')
    expect(lotLabel(aGrant('a', 1, { source: 'purchase', purpose: 'Purchase' }))).toBe('paid')
  })

  it('says what it may be spent on', () => {
    expect(scopeWords(null, METERS)).toBeNull()
    expect(scopeWords({}, METERS)).toBeNull()
    expect(scopeWords({ models: ['embed', 'rank'] }, METERS)).toBe('embed, rank only')
    expect(scopeWords({ meters: ['embed_tokens'], models: ['bge'] }, METERS)).toBe('Embedding tokens, bge only')
    expect(scopeWords({ models: [], meters: ['x'] }, METERS)).toBe('nothing')
  })

  it('stands by its expiry, never last', () => {
    const lots = [
      aGrant('never', 1),
      aGrant('later', 1, { expiresAt: hour(9) }),
      aGrant('soon', 1, { expiresAt: hour(3) }),
    ]
    expect(lots.toSorted(compareExpiry).map(({ id }) => id)).toEqual(['soon', 'later', 'never'])
  })
})
