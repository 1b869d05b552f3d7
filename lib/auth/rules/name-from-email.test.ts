import { describe, expect, it } from 'vitest'

import { nameFromEmail } from './name-from-email'

describe('nameFromEmail', () => {
  it.each([
    ['ana.ruiz@acme.dev', 'Ana Ruiz'],
    ['raj@acme.dev', 'Raj'],
    ['mia_chen+billing@acme.dev', 'Mia Chen'],
    ['...@acme.dev', '...@acme.dev'],
  ])('reads %s as %s', (email, name) => {
    expect(nameFromEmail(email)).toBe(name)
  })
})
