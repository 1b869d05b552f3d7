import type { FieldError } from '@/lib/errors'
import type { GrantState } from '@/lib/ledger/types'
import { parseAmount, type Amount } from '@/lib/money/amount'
import { err, ok, type Result } from '@/lib/result'

/** What is known of a grant that is asked for. Null: no end; now. */
export type AskedGrant = {
  readonly amount: string
  readonly effectiveAt: Date | null
  readonly expiresAt: Date | null
}

/** The size and lifetime of a grant that may be made. */
export type PlannedGrant = { readonly amount: Amount; readonly effectiveAt: Date; readonly expiresAt: Date | null }

/** Reads the size of a grant at the asset's scale and its lifetime. Errors: one per field that is wrong. */
export function planGrant(asked: AskedGrant, scale: number, now: Date): Result<PlannedGrant, readonly FieldError[]> {
  const errors: FieldError[] = []
  const parsed = parseAmount(asked.amount, scale)
  if (!parsed.ok) {
    const message = parsed.error === 'too_many_decimals' ? `Use at most ${scale} decimals.` : 'Use a smaller amount.'
    errors.push({ path: 'amount', message })
  } else if (parsed.value === 0n) {
    errors.push({ path: 'amount', message: 'Use more than zero.' })
  }
  const effectiveAt = asked.effectiveAt ?? now
  const { expiresAt } = asked
  if (expiresAt !== null && expiresAt <= effectiveAt) {
    errors.push({ path: 'expires_at', message: 'Use an instant after effective_at.' })
  } else if (expiresAt !== null && expiresAt <= now) {
    errors.push({ path: 'expires_at', message: 'Use an instant that is still to come.' })
  }
  return parsed.ok && errors.length === 0 ? ok({ amount: parsed.value, effectiveAt, expiresAt }) : err(errors)
}

/** The word for what a grant is at an instant (api.md, Grant). */
export function grantStatus(
  grant: GrantState,
  now: Date,
): 'upcoming' | 'active' | 'depleted' | 'expired' | 'void' | 'frozen' {
  if (grant.voided) return 'void'
  if (grant.frozen) return 'frozen'
  if (grant.expiresAt !== null && grant.expiresAt <= now) return 'expired'
  if (grant.remaining === 0n) return 'depleted'
  return grant.effectiveAt > now ? 'upcoming' : 'active'
}
