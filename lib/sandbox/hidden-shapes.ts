import type { CardName } from './cards/test-cards'
import type { Metadata } from './shapes'

/** The bank's latest question: which card it is about and where the customer goes after answering. Open while the intent requires action. */
export type Challenge = { paymentMethod: string; returnUrl: string | null; checkoutSession: string | null }

/** What the sandbox knows beside the wire shape. A card is remembered by its name in the documentation, never by number. */
export type HiddenShapes = {
  customer: Record<string, never>
  payment_method: { card: CardName; isSetUp: boolean; wasDetached?: boolean }
  payment_intent: { challenge: Challenge | null }
  setup_intent: { challenge: Challenge | null }
  charge: Record<string, never>
  refund: Record<string, never>
  dispute: Record<string, never>
  'checkout.session': {
    items: { name: string; description: string | null; unitAmount: number; quantity: number }[]
    intent: {
      metadata: Metadata
      description: string | null
      setupFutureUsage: 'off_session' | 'on_session' | null
      receiptEmail: string | null
    }
    lastError: string | null
  }
  event: Record<string, never>
}
