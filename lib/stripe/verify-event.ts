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
  const event = readSigned(typeof rawBody === 'string' ? rawBody : Buffer.from(rawBody), signatureHeader ?? '')
  if (event === null) return err('bad_signature')
  if (event.livemode !== (paymentMode() === 'live')) return err('wrong_mode')
  return ok({
    id: event.id,
    type: event.type,
    livemode: event.livemode,
    createdAt: new Date(event.created * 1000),
    notice: noticeOf(event.type, { ...event.data.object }),
  })
}

/** Null for a wrong signature, an old one and a body that is no event: to the caller they are one thing, not from Stripe. */
function readSigned(body: string | Buffer, header: string) {
  const { webhooks } = stripeClient()
  const secret = env().STRIPE_WEBHOOK_SECRET
  try {
    const event = webhooks.constructEvent(body, header, secret, TOLERANCE_SECONDS)
    return isEvent(event) ? event : null
  } catch {
    return null
  }
}

/** The signature says who wrote the body, not that it is an event. */
function isEvent(body: object): boolean {
  const isWhole = 'id' in body && 'type' in body && 'created' in body && 'data' in body
  return isWhole && typeof body.data === 'object' && body.data !== null && 'object' in body.data
}
