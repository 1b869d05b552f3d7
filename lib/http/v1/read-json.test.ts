import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { readJson } from './read-json'

const bytes = (text: string) => new TextEncoder().encode(text)

describe('readJson', () => {
  it('reads every JSON value as JSON.parse does', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 5 }), (text) => {
        expect(readJson(bytes(text))).toEqual({ ok: true, value: JSON.parse(text) as unknown })
      }),
    )
  })

  it.each([
    '{"a":1,"a":2}',
    '{"a":1,"\\u0061":2}',
    '[{"x":{"b":0 , "b" : 1}}]',
    '{"a":"\\"","b":[],"a":1}',
    `${'['.repeat(33)}${']'.repeat(33)}`,
    '{',
    '',
    'undefined',
    "{'a':1}",
    '\ufeff{}',
  ])('refuses %j', (text) => {
    expect(readJson(bytes(text))).toEqual({ ok: false, error: { code: 'malformed_json' } })
  })

  it.each([
    '{"a":{"a":1},"b":[{"a":1},{"a":2}]}',
    '{"a":"a","b":"a:"}',
    '["a","a"]',
    `${'['.repeat(32)}${']'.repeat(32)}`,
  ])('accepts %j: the same name is in different objects, or is a value', (text) => {
    expect(readJson(bytes(text)).ok).toBe(true)
  })

  it('refuses bytes that are not UTF-8', () => {
    for (const part of [[0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf0, 0x9f]]) {
      expect(readJson(new Uint8Array([34, ...part, 34])).ok).toBe(false)
    }
  })
})
