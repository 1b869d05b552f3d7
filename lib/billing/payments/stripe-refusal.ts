import 'server-only'

import type { PurserError } from '@/lib/errors'
import type { StripeFailure } from '@/lib/stripe/facts'

/** A failure at Stripe in Purser's words. A refusal that no retry can mend is a bug of ours, and thrown. */
export function stripeRefusal(failure: StripeFailure): PurserError {
  switch (failure.kind) {
    case 'declined':
      return { code: 'payment_refused', reason: failure.declineCode ?? failure.code, message: failure.message }
    case 'requires_action':
      return {
        code: 'payment_refused',
        reason: 'authentication_required',
        message: 'Your bank wants you to confirm this charge.',
      }
    case 'unavailable':
      return { code: 'unavailable' }
    case 'rejected':
      throw new Error(`Stripe rejected a request: ${failure.message}`)
  }
}
