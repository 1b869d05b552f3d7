/** String pairs that the merchant keeps on an object. */
export type Metadata = Record<string, string>

/** What every stored object has. Times are Unix seconds, amounts are cents. */
type Base<Kind extends string> = { id: string; object: Kind; created: number; livemode: false }

export type BillingDetails = {
  address: null
  email: string | null
  name: string | null
  phone: string | null
  tax_id: string | null
}

export type CustomerShape = Base<'customer'> & {
  address: null
  balance: number
  currency: string | null
  default_source: null
  delinquent: boolean
  description: string | null
  email: string | null
  invoice_settings: {
    custom_fields: null
    default_payment_method: string | null
    footer: null
    rendering_options: null
  }
  metadata: Metadata
  name: string | null
  phone: string | null
  shipping: null
}

export type CardShape = {
  brand: string
  country: string
  exp_month: number
  exp_year: number
  fingerprint: string
  funding: string
  last4: string
}

export type PaymentMethodShape = Base<'payment_method'> & {
  type: 'card'
  allow_redisplay: 'unspecified' | 'limited' | 'always'
  billing_details: BillingDetails
  card: CardShape & Record<string, unknown>
  customer: string | null
  metadata: Metadata
}

/** The error that Stripe keeps on an intent and answers with. */
export type ErrorShape = {
  type: 'card_error' | 'invalid_request_error' | 'idempotency_error' | 'api_error'
  message: string
  code?: string
  decline_code?: string
  param?: string
  charge?: string
  doc_url?: string
  payment_method?: PaymentMethodShape
  payment_intent?: PaymentIntentShape
  setup_intent?: SetupIntentShape
}

export type NextActionShape = {
  type: 'redirect_to_url'
  redirect_to_url: { url: string; return_url: string | null }
}

export type IntentStatus =
  'requires_payment_method' | 'requires_confirmation' | 'requires_action' | 'processing' | 'succeeded' | 'canceled'

export type PaymentIntentShape = Base<'payment_intent'> & {
  amount: number
  amount_capturable: number
  amount_received: number
  automatic_payment_methods: null
  canceled_at: number | null
  cancellation_reason: string | null
  capture_method: 'automatic' | 'automatic_async'
  client_secret: string
  confirmation_method: 'automatic'
  currency: string
  customer: string | null
  description: string | null
  last_payment_error: ErrorShape | null
  latest_charge: string | null
  metadata: Metadata
  next_action: NextActionShape | null
  payment_method: string | null
  payment_method_options: Record<string, unknown>
  allowed_payment_method_types: string[]
  payment_method_types: string[]
  receipt_email: string | null
  setup_future_usage: 'off_session' | 'on_session' | null
  status: IntentStatus
} & Record<(typeof UNUSED_PAYMENT_INTENT_FIELDS)[number], null>

/** Fields of a payment intent that Purser never sets; Stripe answers them as null. */
export const UNUSED_PAYMENT_INTENT_FIELDS = [
  'application',
  'application_fee_amount',
  'on_behalf_of',
  'processing',
  'review',
  'shipping',
  'source',
  'statement_descriptor',
  'statement_descriptor_suffix',
  'transfer_data',
  'transfer_group',
] as const

export type SetupIntentShape = Base<'setup_intent'> & {
  application: null
  automatic_payment_methods: null
  cancellation_reason: string | null
  client_secret: string
  customer: string | null
  description: string | null
  last_setup_error: ErrorShape | null
  latest_attempt: null
  mandate: null
  metadata: Metadata
  next_action: NextActionShape | null
  on_behalf_of: null
  payment_method: string | null
  payment_method_options: Record<string, unknown>
  allowed_payment_method_types: string[]
  payment_method_types: string[]
  single_use_mandate: null
  status: IntentStatus
  usage: 'off_session' | 'on_session'
}

export type OutcomeShape = {
  advice_code: string | null
  network_status: string
  reason: string | null
  risk_level: string
  risk_score: number
  seller_message: string
  type: string
}

export type ChargeShape = Base<'charge'> & {
  amount: number
  amount_captured: number
  amount_refunded: number
  balance_transaction: string | null
  billing_details: BillingDetails
  calculated_statement_descriptor: string
  captured: boolean
  currency: string
  customer: string | null
  description: string | null
  disputed: boolean
  failure_code: string | null
  failure_message: string | null
  fraud_details: Record<string, never>
  metadata: Metadata
  outcome: OutcomeShape
  paid: boolean
  payment_intent: string
  payment_method: string
  payment_method_details: { type: 'card'; card: CardShape & Record<string, unknown> }
  receipt_email: string | null
  receipt_number: string | null
  receipt_url: string | null
  refunded: boolean
  status: 'succeeded' | 'failed'
}

export type RefundShape = Base<'refund'> & {
  amount: number
  balance_transaction: string
  charge: string
  currency: string
  metadata: Metadata
  payment_intent: string
  reason: string | null
  receipt_number: null
  status: 'succeeded'
}

export type DisputeShape = Base<'dispute'> & {
  amount: number
  balance_transactions: { id: string; object: 'balance_transaction'; amount: number; fee: number; net: number }[]
  charge: string
  currency: string
  evidence: Record<string, string | null>
  evidence_details: { due_by: number; has_evidence: boolean; past_due: boolean; submission_count: number }
  is_charge_refundable: boolean
  metadata: Metadata
  payment_intent: string
  reason: string
  status: 'needs_response' | 'under_review' | 'won' | 'lost'
}

export type CheckoutSessionShape = Base<'checkout.session'> & {
  amount_subtotal: number | null
  amount_total: number | null
  automatic_tax: { enabled: false; liability: null; provider: null; status: null }
  cancel_url: string | null
  client_reference_id: string | null
  currency: string | null
  customer: string | null
  customer_creation: string | null
  customer_details: {
    address: null
    email: string | null
    name: string | null
    phone: null
    tax_exempt: 'none'
    tax_ids: []
  } | null
  customer_email: string | null
  expires_at: number
  metadata: Metadata
  mode: 'payment' | 'setup'
  payment_intent: string | null
  allowed_payment_method_types: string[]
  payment_method_types: string[]
  payment_status: 'paid' | 'unpaid' | 'no_payment_required'
  setup_intent: string | null
  status: 'open' | 'complete' | 'expired'
  success_url: string
  total_details: { amount_discount: number; amount_shipping: number; amount_tax: number } | null
  ui_mode: 'hosted_page'
  url: string | null
}

export type EventShape = Base<'event'> & {
  api_version: string
  data: { object: Record<string, unknown> }
  pending_webhooks: number
  request: { id: string | null; idempotency_key: string | null }
  type: string
}

/** The stored kinds and what each looks like on the wire. */
export type Shapes = {
  customer: CustomerShape
  payment_method: PaymentMethodShape
  payment_intent: PaymentIntentShape
  setup_intent: SetupIntentShape
  charge: ChargeShape
  refund: RefundShape
  dispute: DisputeShape
  'checkout.session': CheckoutSessionShape
  event: EventShape
}

/** A kind of object, named as Stripe's `object` field names it. */
export type Kind = keyof Shapes
