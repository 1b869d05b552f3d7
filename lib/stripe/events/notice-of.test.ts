import { describe, expect, it } from 'vitest'
import { noticeOf } from './notice-of'

describe('a Stripe event', () => {
  it.each(['payment_intent.succeeded', 'payment_intent.payment_failed', 'payment_intent.canceled'])(
    '%s says which payment changed',
    (type) => {
      expect(noticeOf(type, { id: 'pi_1' })).toEqual({ kind: 'payment_changed', paymentIntentId: 'pi_1' })
    },
  )

  it.each(['checkout.session.completed', 'checkout.session.expired', 'checkout.session.async_payment_succeeded'])(
    '%s says which Checkout session changed',
    (type) => {
      expect(noticeOf(type, { id: 'cs_1' })).toEqual({ kind: 'checkout_changed', sessionId: 'cs_1' })
    },
  )

  it('about a finished setup says which card was saved, about an unfinished one nothing', () => {
    expect(noticeOf('setup_intent.succeeded', { id: 'seti_1' })).toEqual({
      kind: 'card_saved',
      setupIntentId: 'seti_1',
    })
    expect(noticeOf('setup_intent.created', { id: 'seti_1' })).toEqual({ kind: 'ignored' })
  })

  it('about a charge or a refund names charge and payment, whether sent as ids or as objects', () => {
    const notice = { kind: 'charge_changed', paymentIntentId: 'pi_1', chargeId: 'ch_1' }
    expect(noticeOf('charge.refunded', { id: 'ch_1', payment_intent: 'pi_1' })).toEqual(notice)
    expect(noticeOf('refund.created', { id: 're_1', charge: 'ch_1', payment_intent: 'pi_1' })).toEqual(notice)
    expect(
      noticeOf('charge.refund.updated', { id: 're_1', charge: { id: 'ch_1' }, payment_intent: { id: 'pi_1' } }),
    ).toEqual(notice)
  })

  it('about a dispute names the dispute and its charge', () => {
    expect(noticeOf('charge.dispute.created', { id: 'du_1', charge: 'ch_1', payment_intent: null })).toEqual({
      kind: 'dispute_changed',
      disputeId: 'du_1',
      chargeId: 'ch_1',
      paymentIntentId: null,
    })
  })

  it.each([
    ['of a type Purser has no use for', 'customer.created', { id: 'cus_1' }],
    ['without an id', 'payment_intent.succeeded', {}],
    ['about a charge that has no payment intent', 'charge.refunded', { id: 'ch_1', payment_intent: null }],
    ['about a refund that has no charge', 'refund.created', { id: 're_1' }],
    ['about a dispute that has no charge', 'charge.dispute.created', { id: 'du_1', charge: 7 }],
  ])('%s is ignored', (_case, type, object) => {
    expect(noticeOf(type, object)).toEqual({ kind: 'ignored' })
  })
})
