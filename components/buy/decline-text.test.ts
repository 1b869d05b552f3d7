import { describe, expect, it } from 'vitest'
import { declineText } from './decline-text'

const visa = { id: 'pm_1', brand: 'Visa', last4: '4242', expMonth: 10, expYear: 2026 }

describe('declineText', () => {
  it('says what the bank said, and that no money moved', () => {
    expect(declineText('generic_decline', visa, '50')).toBe(
      'Your bank declined Visa •••• 4242 and gave no reason. No money moved. Try another card, or call your bank.',
    )
    expect(declineText('insufficient_funds', visa, '81')).toBe(
      'Visa •••• 4242 does not have enough funds for $81.00. No money moved.',
    )
    expect(declineText('expired_card', visa, '50')).toBe(
      'Visa •••• 4242 expired 10/26. Update it or choose another card.',
    )
  })

  it('has an answer for a code it does not know, and for a card it does not know', () => {
    expect(declineText('brand_new_code', null, '50')).toContain('declined your card')
  })
})
