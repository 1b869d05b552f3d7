import 'server-only'

/** What happened at Stripe, as far as Purser cares. The object is always read again: order of arrival never matters. */
export type Notice =
  | { readonly kind: 'payment_changed'; readonly paymentIntentId: string }
  | { readonly kind: 'checkout_changed'; readonly sessionId: string }
  | { readonly kind: 'card_saved'; readonly setupIntentId: string }
  | { readonly kind: 'charge_changed'; readonly paymentIntentId: string; readonly chargeId: string }
  | {
      readonly kind: 'dispute_changed'
      readonly disputeId: string
      readonly chargeId: string
      readonly paymentIntentId: string | null
    }
  | { readonly kind: 'ignored' }

/** One verified message from Stripe. */
export type StripeNotice = {
  readonly id: string
  readonly type: string
  readonly livemode: boolean
  readonly createdAt: Date
  readonly notice: Notice
}
