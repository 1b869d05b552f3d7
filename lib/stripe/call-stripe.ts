import 'server-only'

import Stripe from 'stripe'
import { err, ok, type Result } from '@/lib/result'
import type { StripeFailure } from './facts'

/** Runs one request to Stripe. Its expected failures come back as values; anything else is a bug and is thrown. */
export async function callStripe<Value>(request: () => Promise<Value>): Promise<Result<Value, StripeFailure>> {
  try {
    return ok(await request())
  } catch (error) {
    if (error instanceof Stripe.errors.StripeError && !isMisconfigured(error)) return err(failureOf(error))
    throw error
  }
}

/** This installation's key is refused: nothing about the request is wrong, and a person must mend it. */
function isMisconfigured(error: InstanceType<typeof Stripe.errors.StripeError>): boolean {
  const { StripeAuthenticationError, StripePermissionError } = Stripe.errors
  return error instanceof StripeAuthenticationError || error instanceof StripePermissionError
}

function failureOf(error: InstanceType<typeof Stripe.errors.StripeError>): StripeFailure {
  const { code, message, payment_intent: intent } = error
  if (error instanceof Stripe.errors.StripeCardError) {
    const paymentIntentId = intent?.id ?? null
    if (code === 'authentication_required') return { kind: 'requires_action', paymentIntentId, message }
    return {
      kind: 'declined',
      code: code ?? 'card_declined',
      declineCode: error.decline_code ?? null,
      message,
      paymentIntentId,
    }
  }
  const isBusy = code === 'idempotency_key_in_use' || code === 'lock_timeout'
  const isOutage =
    error instanceof Stripe.errors.StripeConnectionError ||
    error instanceof Stripe.errors.StripeAPIError ||
    error instanceof Stripe.errors.StripeRateLimitError ||
    (error.statusCode ?? 0) >= 500
  if (isBusy || isOutage) return { kind: 'unavailable' }
  return { kind: 'rejected', code: code ?? null, message }
}
