import { describe, expect, it } from 'vitest'

import { cardText } from './card-text'

describe('a card', () => {
  it('is called as people write it, and not at all while it is not known', () => {
    expect(cardText('visa', '4242')).toBe('Visa •••• 4242')
    expect(cardText('cartes', '1')).toBe('cartes •••• 1')
    expect(cardText(null, '4242')).toBeNull()
  })
})
