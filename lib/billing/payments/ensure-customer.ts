import 'server-only'

import { attachStripeCustomer } from '@/lib/db/stripe-customers'
import type { Account } from '@/lib/db/organizations'
import { ok, type Result } from '@/lib/result'
import { createCustomer } from '@/lib/stripe/create-customer'
import type { StripeFailure } from '@/lib/stripe/facts'

/**
 * The Stripe customer of an account, made on first use. Two at once make the same one: the idempotency key is the account's.
 * Calls Stripe; never inside a transaction.
 */
export async function ensureCustomer(account: Account): Promise<Result<string, StripeFailure>> {
  if (account.stripeCustomerId !== null) return ok(account.stripeCustomerId)
  const made = await createCustomer({
    accountId: account.id,
    name: account.name,
    email: account.email,
    idempotencyKey: `customer:${account.id}`,
  })
  return made.ok ? ok(await attachStripeCustomer(account.id, made.value)) : made
}
