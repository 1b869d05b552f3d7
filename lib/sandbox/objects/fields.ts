import type { BillingDetails, Metadata } from '../shapes'

/** An optional text parameter as Stripe stores it: absent and empty are both null. */
export function orNull(value: string | undefined): string | null {
  return value === undefined || value === '' ? null : value
}

/** Metadata after an update: given keys replace, empty values remove (docs.stripe.com/api/metadata). */
export function mergeMetadata(current: Metadata, change: Metadata | undefined): Metadata {
  const merged = { ...current, ...change }
  return Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== ''))
}

/** Billing details with a name and an e-mail address at most. */
export function billingDetails(name: string | null, email: string | null): BillingDetails {
  return { address: null, email, name, phone: null, tax_id: null }
}

/** Cents as Stripe's sentences write them: `$1,250.00`. */
export function dollars(amountCents: number): string {
  return `$${Math.floor(amountCents / 100).toLocaleString('en-US')}.${String(amountCents % 100).padStart(2, '0')}`
}
