import { describe, expect, it } from 'vitest'
import { testCard } from '../cards/test-cards'
import type { IntentStatus } from '../shapes'
import {
  AUTHENTICATION_REQUIRED,
  decideConfirmation,
  decideSetup,
  initialStatus,
  isCancelable,
  isConfirmable,
} from './payment-intent-state'

const OPEN: IntentStatus[] = ['requires_payment_method', 'requires_confirmation', 'requires_action']
const CLOSED: IntentStatus[] = ['processing', 'succeeded', 'canceled']

function confirm(card: Parameters<typeof testCard>[0], facts: { isOffSession?: boolean; isSetUp?: boolean } = {}) {
  return decideConfirmation({
    status: 'requires_confirmation',
    behaviour: testCard(card).behaviour,
    isOffSession: facts.isOffSession ?? false,
    isSetUp: facts.isSetUp ?? false,
  })
}

describe('a payment intent', () => {
  it('starts by asking for a card, or for confirmation when it has one', () => {
    expect(initialStatus(false)).toBe('requires_payment_method')
    expect(initialStatus(true)).toBe('requires_confirmation')
  })

  it.each(OPEN)('can be confirmed and cancelled while it is %s', (status) => {
    expect(isConfirmable(status)).toBe(true)
    expect(isCancelable(status)).toBe(true)
  })

  it.each(CLOSED)('can be neither confirmed nor cancelled once it is %s', (status) => {
    expect(isCancelable(status)).toBe(false)
    const facts = { status, behaviour: testCard('visa').behaviour, isOffSession: false, isSetUp: false }
    expect(decideConfirmation(facts)).toEqual({ kind: 'refuse' })
    expect(decideSetup(status, testCard('visa').behaviour)).toEqual({ kind: 'refuse' })
  })

  it('succeeds with a good card, with and without the customer', () => {
    expect(confirm('visa')).toEqual({ kind: 'succeed', isDisputed: false })
    expect(confirm('visa', { isOffSession: true })).toEqual({ kind: 'succeed', isDisputed: false })
  })

  it('succeeds and is disputed with the dispute card', () => {
    expect(confirm('dispute')).toEqual({ kind: 'succeed', isDisputed: true })
  })

  it('is declined with the reason of the card', () => {
    expect(confirm('insufficient_funds')).toMatchObject({
      kind: 'decline',
      decline: { declineCode: 'insufficient_funds' },
    })
    expect(confirm('decline_when_charged')).toMatchObject({ kind: 'decline' })
  })

  it('asks the customer when the card wants authentication and the customer is there', () => {
    expect(confirm('authenticate_always')).toEqual({ kind: 'challenge' })
    expect(confirm('authenticate_always', { isSetUp: true })).toEqual({ kind: 'challenge' })
    expect(confirm('authenticate_unless_set_up')).toEqual({ kind: 'challenge' })
  })

  it('is declined with authentication_required when the customer is not there', () => {
    const declined = { kind: 'decline', decline: AUTHENTICATION_REQUIRED }
    expect(confirm('authenticate_always', { isOffSession: true, isSetUp: true })).toEqual(declined)
    expect(confirm('authenticate_unless_set_up', { isOffSession: true })).toEqual(declined)
  })

  it('needs no authentication off-session once the card was set up for it', () => {
    expect(confirm('authenticate_unless_set_up', { isOffSession: true, isSetUp: true })).toMatchObject({
      kind: 'succeed',
    })
  })
})

describe('a setup intent', () => {
  it('succeeds with a card that will only decline when charged', () => {
    expect(decideSetup('requires_confirmation', testCard('decline_when_charged').behaviour)).toMatchObject({
      kind: 'succeed',
    })
  })

  it('is declined, or asks the customer, as the card says', () => {
    expect(decideSetup('requires_confirmation', testCard('expired_card').behaviour)).toMatchObject({ kind: 'decline' })
    expect(decideSetup('requires_confirmation', testCard('authenticate_unless_set_up').behaviour)).toEqual({
      kind: 'challenge',
    })
  })
})
