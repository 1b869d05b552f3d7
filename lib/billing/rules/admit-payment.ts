import type { Cents } from '@/lib/money/cents'
import { err, ok, type Result } from '@/lib/result'

/** What Purser expects of a payment that it is about to credit. */
export type ExpectedPayment = {
  readonly accountId: string
  readonly paymentId: string
  readonly customerId: string | null
  readonly amountCents: Cents
}

/** What Stripe says about it. */
export type ReportedPayment = {
  readonly metadata: Readonly<Record<string, string>>
  readonly customerId: string | null
  readonly currency: string
  readonly amountReceivedCents: Cents
  readonly amountRefundedCents: Cents
}

/**
 * Refuses to credit a payment that is not what was asked for: another account's, another customer's, another currency, less money
 * than the credits cost before tax, or money that was given back, which Stripe still calls succeeded. Errors: a sentence for the person who looks at the parked event.
 */
export function admitPayment(expected: ExpectedPayment, reported: ReportedPayment): Result<null, string> {
  const { metadata } = reported
  if (metadata['account_id'] !== expected.accountId) return err('The payment names another billing account.')
  if (metadata['payment_id'] !== expected.paymentId) return err('The payment names another purchase.')
  if (reported.customerId !== expected.customerId) return err('The payment was made by another customer.')
  if (reported.currency !== 'usd') return err(`The payment is in ${reported.currency}, not in US dollars.`)
  if (reported.amountReceivedCents < expected.amountCents) return err('Less was received than the credits cost.')
  if (reported.amountRefundedCents > 0n) return err('Money of it was given back at Stripe. Correct the ledger by hand.')
  return ok(null)
}
