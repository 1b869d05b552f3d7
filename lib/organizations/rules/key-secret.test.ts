import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { keyPrefix, keySecret, looksLikeKeySecret } from './key-secret'

const bytes = fc.uint8Array({ minLength: 32, maxLength: 32 })

describe('secrets of API keys', () => {
  it('have one form and length for any 32 bytes', () => {
    fc.assert(
      fc.property(bytes, (random) => {
        const secret = keySecret('live', random)
        expect(secret).toMatch(/^sk_live_[0-9A-Za-z]{43}$/)
        expect(looksLikeKeySecret(secret)).toBe(true)
      }),
    )
  })

  it('differ whenever the bytes differ', () => {
    fc.assert(
      fc.property(bytes, bytes, (one, other) => {
        const isSame = one.every((byte, place) => byte === other[place])
        expect(keySecret('test', one) === keySecret('test', other)).toBe(isSame)
      }),
    )
  })

  it('show their mode and four characters, no more', () => {
    const secret = keySecret('test', new Uint8Array(32).fill(255))
    expect(keyPrefix(secret)).toBe(secret.slice(0, 12))
    expect(keyPrefix(secret)).toMatch(/^sk_test_.{4}$/)
  })

  it.each(['', 'sk_test_', 'sk_prod_'.padEnd(51, 'a'), 'sk_test_'.padEnd(52, 'a'), `sk_test_${"'".repeat(43)}`])(
    'do not look like %j',
    (text) => {
      expect(looksLikeKeySecret(text)).toBe(false)
    },
  )
})
