import { describe, expect, it } from 'vitest'

import { freeSlug, slugOf } from './slug'

describe('slugs', () => {
  it.each([
    ['Acme AI', 'acme-ai'],
    ['  Müller & Söhne  ', 'muller-sohne'],
    ['--', 'organization'],
    ['株式会社', 'organization'],
    ['API', 'organization-api'],
    ['../../etc/passwd', 'etc-passwd'],
    ['a'.repeat(100), 'a'.repeat(40)],
    [`${'a'.repeat(39)} b`, 'a'.repeat(39)],
  ])('makes %j an address: %s', (name, slug) => {
    expect(slugOf(name)).toBe(slug)
  })

  it('counts up past every slug that is taken', () => {
    expect(freeSlug('acme', new Set())).toBe('acme')
    expect(freeSlug('acme', new Set(['acme', 'acme-2', 'acme-4']))).toBe('acme-3')
  })
})
