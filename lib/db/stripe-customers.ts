import 'server-only'

import { query } from './pool'

/** Names the Stripe customer of an account, once. Answers the one that counts: the first. */
export async function attachStripeCustomer(accountId: string, customerId: string): Promise<string> {
  const [row] = await query(
    `UPDATE billing_account SET stripe_customer_id = COALESCE(stripe_customer_id, $2) WHERE id = $1 RETURNING stripe_customer_id`,
    [accountId, customerId],
  )
  if (row === undefined) throw new Error(`billing account ${accountId} does not exist`)
  return row['stripe_customer_id'] as string
}
