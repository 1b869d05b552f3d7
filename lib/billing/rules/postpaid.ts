import type { BillingMode } from '@/lib/organizations/rules/effective-policy'

/** The instant from which credits come first; null when they always did. */
export function cutoverOf(mode: BillingMode): Date | null {
  return mode === 'prepaid' ? null : new Date(mode.postpaid_until)
}

/** Usage is reported at most 34 days late (api.md), so that much after the cutover nothing more can belong before it. */
export const LATEST_USAGE_MS = 35 * 86_400_000
