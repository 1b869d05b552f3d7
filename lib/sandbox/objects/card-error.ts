import type { Decline } from '../cards/test-cards'
import type { ErrorShape } from '../shapes'

/** A bank's decline in Stripe's words. */
export function cardError(decline: Decline, more: Partial<ErrorShape> = {}): ErrorShape {
  return {
    type: 'card_error',
    code: decline.code,
    ...(decline.declineCode === null ? {} : { decline_code: decline.declineCode }),
    doc_url: `https://stripe.com/docs/error-codes/${decline.code.replaceAll('_', '-')}`,
    message: decline.message,
    ...(decline.code === 'expired_card' ? { param: 'exp_month' } : {}),
    ...(decline.code === 'incorrect_cvc' ? { param: 'cvc' } : {}),
    ...more,
  }
}
