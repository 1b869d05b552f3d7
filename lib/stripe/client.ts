import 'server-only'

import Stripe from 'stripe'
import { env } from '@/lib/env'

const TIMEOUT_MS = 10_000
const MOST_RETRIES = 2

/** The API version that the adapter's shapes are written for. Raised together with the SDK. */
const STRIPE_API_VERSION = '2026-10-28.endive'

let client: Stripe | undefined

/** The one client of Stripe's API, or of the sandbox in its place. Retries carry the same idempotency key. */
export function stripeClient(): Stripe {
  client ??= new Stripe(env().STRIPE_SECRET_KEY, {
    apiVersion: STRIPE_API_VERSION,
    maxNetworkRetries: MOST_RETRIES,
    timeout: TIMEOUT_MS,
    telemetry: false,
    ...addressOf(env().STRIPE_API_BASE),
  })
  return client
}

function addressOf(base: string | undefined): { host?: string; port?: string; protocol?: 'http' | 'https' } {
  if (base === undefined) return {}
  const url = new URL(base)
  const protocol = url.protocol === 'http:' ? 'http' : 'https'
  return { host: url.hostname, port: url.port === '' ? (protocol === 'http' ? '80' : '443') : url.port, protocol }
}
