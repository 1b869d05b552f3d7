import { randomBytes } from 'node:crypto'
import type { Kind } from '../shapes'

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

const PREFIX: Record<Kind, string> = {
  customer: 'cus_',
  payment_method: 'pm_1',
  payment_intent: 'pi_3',
  setup_intent: 'seti_1',
  charge: 'ch_3',
  refund: 're_3',
  dispute: 'du_1',
  'checkout.session': 'cs_test_a1',
  event: 'evt_1',
}

/** A new random id in the form that Stripe gives to this kind of object. */
export function newId(kind: Kind): string {
  return PREFIX[kind] + randomText(kind === 'checkout.session' ? 56 : kind === 'customer' ? 14 : 23)
}

/** A client secret of an intent. */
export function newClientSecret(intentId: string): string {
  return `${intentId}_secret_${randomText(25)}`
}

/** The id of a balance transaction: the sandbox names them but keeps none. */
export function newBalanceTransactionId(): string {
  return `txn_3${randomText(23)}`
}

/** The id of a request, as the `Request-Id` header carries it. */
export function newRequestId(): string {
  return `req_${randomText(14)}`
}

function randomText(length: number): string {
  // 256 is not a multiple of 62; the small bias does not matter for ids of a sandbox.
  return [...randomBytes(length)].map((byte) => ALPHABET[byte % ALPHABET.length]).join('')
}
