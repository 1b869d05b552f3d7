import 'server-only'

import { env, paymentMode } from '@/lib/env'
import { err, ok, type Result } from '@/lib/result'
import { stripeClient } from './client'
import type { StripeNotice } from './events/notice'
import { noticeOf } from './events/notice-of'

const TOLERANCE_SECONDS = 300

/**
 * Checks that a webhook's raw body was signed by Stripe within the last five minutes, and says what it is about.
 * Everything that does not check out is `bad_signature`; an event about the other mode's money is `wrong_mode`.
 */
export function verifyStripeEvent(
  rawBody: string | Uint8Array,
  signatureHeader: string | null,
): Result<StripeNotice, 'bad_signature' | 'wrong_mode'> {
  const body = typeof rawBody === 'string' ? rawBody : Buffer.from(rawBody)
  try {
    const event = stripeClient().webhooks.constructEvent(
      body,
      signatureHeader ?? '',
      env().STRIPE_WEBHOOK_SECRET,
      TOLERANCE_SECONDS,
    )
    if (event.livemode !== (paymentMode() === 'live')) return err('wrong_mode')
    const object: unknown = event.data.object
    return ok({
      id: event.id,
      type: event.type,
      livemode: event.livemode,
      createdAt: new Date(event.created * 1000),
      notice: noticeOf(event.type, isRecord(object) ? object : {}),
    })
  } catch {
    // A wrong signature, an old one and a body that is no event are one thing to the caller: not from Stripe.
    return err('bad_signature')
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
