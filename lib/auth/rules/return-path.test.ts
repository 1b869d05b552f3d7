import { describe, expect, it } from 'vitest'

import { safeReturnPath } from './return-path'

describe('safeReturnPath', () => {
  it.each(['/', '/o/acme', '/o/acme/buy?amount=50&coupon=HELLO', '/invite/abc-_123', '/o/acme?next=//evil.example'])(
    'keeps %s, a path of this site',
    (path) => {
      expect(safeReturnPath(path)).toBe(path)
    },
  )

  it.each([
    'https://evil.example',
    'HTTPS://evil.example',
    '//evil.example',
    '///evil.example',
    '/\\evil.example',
    '/\\/evil.example',
    '\\\\evil.example',
    '/\t/evil.example',
    '/\n/evil.example',
    '\t//evil.example',
    ' //evil.example',
    '/..//evil.example',
    '/./\\evil.example',
    '/.//evil.example',
    'javascript:alert(1)',
    'data:text/html,hello',
    'o/acme',
    '@evil.example',
    '',
    `/${'a'.repeat(2_000)}`,
  ])('refuses %j, which could lead to another site', (text) => {
    expect(safeReturnPath(text)).toBeNull()
  })

  it.each([undefined, null, 7, ['/o/acme'], { path: '/o/acme' }])('refuses %j, which is not text', (value) => {
    expect(safeReturnPath(value)).toBeNull()
  })
})
