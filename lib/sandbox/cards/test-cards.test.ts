import { expect, it } from 'vitest'
import { cardByAlias, cardByNumber, lastFour, TEST_CARDS, testCard } from './test-cards'

it.each([
  ['4242424242424242', 'visa', { kind: 'accept' }],
  ['5555555555554444', 'mastercard', { kind: 'accept' }],
  ['4000000000000077', 'bypass_pending', { kind: 'accept' }],
  ['4000000000000002', 'generic_decline', { decline: { code: 'card_declined', declineCode: 'generic_decline' } }],
  ['4000000000009995', 'insufficient_funds', { decline: { code: 'card_declined', declineCode: 'insufficient_funds' } }],
  ['4000000000009987', 'lost_card', { decline: { code: 'card_declined', declineCode: 'lost_card' } }],
  ['4000000000009979', 'stolen_card', { decline: { code: 'card_declined', declineCode: 'stolen_card' } }],
  ['4000000000000069', 'expired_card', { decline: { code: 'expired_card' } }],
  ['4000000000000127', 'incorrect_cvc', { decline: { code: 'incorrect_cvc' } }],
  ['4000000000000119', 'processing_error', { decline: { code: 'processing_error' } }],
  ['4000002500003155', 'authenticate_unless_set_up', { kind: 'authenticate', when: 'unless_set_up' }],
  ['4000002760003184', 'authenticate_always', { kind: 'authenticate', when: 'always' }],
  ['4000000000000341', 'decline_when_charged', { kind: 'decline_when_charged' }],
  ['4000000000000259', 'dispute', { kind: 'dispute' }],
] as const)('%s is the documented card %s', (number, name, behaviour) => {
  expect(cardByNumber(number)).toBe(name)
  expect(cardByNumber(number.replace(/(\d{4})(?=\d)/g, '$1 '))).toBe(name)
  expect(testCard(name).behaviour).toMatchObject(behaviour)
  expect(lastFour(name)).toBe(number.slice(-4))
})

it('every card is known by the id of a payment method and of a token, and no two share one', () => {
  const aliases = TEST_CARDS.flatMap(([, card]) => card.aliases)
  expect(new Set(aliases).size).toBe(aliases.length)
  for (const [name, card] of TEST_CARDS) {
    expect(card.aliases.length).toBeGreaterThan(0)
    for (const alias of card.aliases) {
      expect(cardByAlias(`pm_card_${alias}`)).toBe(name)
      expect(cardByAlias(`tok_${alias}`)).toBe(name)
    }
  }
})

it('any other number or id is no card', () => {
  for (const number of ['', '4111111111111111', '424242424242424', '4242424242424242 1']) {
    expect(cardByNumber(number)).toBeNull()
  }
  for (const id of ['pm_card_', 'pm_1abc', 'tok_unknown', 'visa', 'pm_card_constructor'])
    expect(cardByAlias(id)).toBeNull()
})
