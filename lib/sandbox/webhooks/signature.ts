import { createHmac } from 'node:crypto'

/** The `Stripe-Signature` header for a body: HMAC-SHA256 over `t.body` with the whole `whsec_…` text as the key. */
export function signatureHeader(body: string, secret: string, unixSeconds: number): string {
  const signature = createHmac('sha256', secret).update(`${unixSeconds}.${body}`, 'utf8').digest('hex')
  return `t=${unixSeconds},v1=${signature}`
}
