import 'server-only'

import type { Cents } from '@/lib/money/cents'

/** Why Stripe did not do what was asked. A decline is the bank's word; `unavailable` may be tried again with the same key. */
export type StripeFailure =
  | {
      readonly kind: 'declined'
      readonly code: string
      readonly declineCode: string | null
      readonly message: string
      readonly paymentIntentId: string | null
    }
  | { readonly kind: 'requires_action'; readonly paymentIntentId: string | null; readonly message: string }
  | { readonly kind: 'unavailable' }
  | { readonly kind: 'rejected'; readonly code: string | null; readonly message: string }

/** Where a payment stands, in Stripe's words. Only `succeeded` is money. */
export type PaymentStatus =
  | 'requires_payment_method'
  | 'requires_confirmation'
  | 'requires_action'
  | 'requires_capture'
  | 'processing'
  | 'succeeded'
  | 'canceled'

/** A card, as much as may be shown and compared. */
export type CardFacts = {
  readonly paymentMethodId: string
  readonly brand: string
  readonly last4: string
  readonly expMonth: number
  readonly expYear: number
  /** The same for the same number, wherever it was entered. */
  readonly fingerprint: string | null
}

/** What a bank said when it declined. */
export type PaymentFailure = {
  readonly code: string | null
  readonly declineCode: string | null
  readonly message: string
}

/** One payment, read from Stripe. Amounts are what the card paid, tax included. */
export type PaymentFacts = {
  readonly id: string
  readonly status: PaymentStatus
  readonly amountCents: Cents
  readonly amountReceivedCents: Cents
  readonly amountRefundedCents: Cents
  /** Three lower-case letters. */
  readonly currency: string
  readonly metadata: Readonly<Record<string, string>>
  readonly customerId: string | null
  /** The card of the latest attempt; null before the first. */
  readonly card: CardFacts | null
  readonly receiptUrl: string | null
  readonly chargeId: string | null
  readonly failure: PaymentFailure | null
  readonly createdAt: Date
}

/** One visit to Stripe's hosted page. */
export type CheckoutFacts = {
  readonly id: string
  readonly mode: 'payment' | 'setup'
  readonly status: 'open' | 'complete' | 'expired'
  readonly paymentStatus: 'paid' | 'unpaid' | 'no_payment_required'
  readonly paymentIntentId: string | null
  readonly setupIntentId: string | null
  /** Before tax; null when nothing is paid. This is what becomes credits. */
  readonly subtotalCents: Cents | null
  readonly totalCents: Cents | null
  readonly taxCents: Cents | null
  readonly metadata: Readonly<Record<string, string>>
  /** Where the customer pays; null once complete or expired. */
  readonly url: string | null
}

/** One saving of a card. */
export type SetupFacts = {
  readonly id: string
  readonly status: 'succeeded' | 'canceled' | 'pending'
  readonly customerId: string | null
  readonly paymentMethodId: string | null
  readonly metadata: Readonly<Record<string, string>>
  readonly failure: PaymentFailure | null
}
