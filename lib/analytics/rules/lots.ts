import type { GrantSource, GrantState, Scope } from '@/lib/ledger/types'
import { compareSpendingOrder, isScoped } from '@/lib/ledger/spending-order'

/** The kinds of lot that pages tell apart by colour. */
export type LotKind = 'paid' | 'promo' | 'plan' | 'contract' | 'adjustment'

const KINDS: Readonly<Record<GrantSource, LotKind>> = {
  purchase: 'paid',
  recharge: 'paid',
  settlement: 'paid',
  coupon: 'promo',
  promo: 'promo',
  trial: 'promo',
  plan: 'plan',
  lite: 'plan',
  contract: 'contract',
  adjustment: 'adjustment',
}

const LABELS: Readonly<Record<GrantSource, string>> = {
  purchase: 'paid',
  recharge: 'paid',
  settlement: 'paid',
  coupon: 'coupon',
  promo: 'promo',
  trial: 'trial',
  plan: 'plan allowance',
  lite: 'monthly allocation',
  contract: 'contract',
  adjustment: 'adjustment',
}

/** Which kind of lot a grant is shown as. */
export function lotKind({ source }: Pick<GrantState, 'source'>): LotKind {
  return KINDS[source]
}

/** What a grant is called after its amount ("$42.10 promo"): what it was given for, or else where it came from. */
export function lotLabel({ source, purpose }: Pick<GrantState, 'source' | 'purpose'>): string {
  return purpose.trim() === '' || KINDS[source] === 'paid' ? LABELS[source] : purpose.trim()
}

/** How meters are called, by key. */
export type MeterNames = ReadonlyMap<string, { readonly name: string }>

/** What a grant may be spent on, in words ("Embedding tokens only"); null when on anything. */
export function scopeWords(scope: Scope | null, meters: MeterNames): string | null {
  const subject = scopeSubject(scope, meters)
  return subject === null || subject === 'nothing' ? subject : `${subject} only`
}

/** The order of a timeline: soonest expiry first, never last, then the spending order. */
export function compareExpiry(left: GrantState, right: GrantState): number {
  if (left.expiresAt === null && right.expiresAt === null) return compareSpendingOrder(left, right)
  if (left.expiresAt === null) return 1
  if (right.expiresAt === null) return -1
  return left.expiresAt.getTime() - right.expiresAt.getTime() || compareSpendingOrder(left, right)
}

/**
 * Why one grant pays before another: the first rule of the spending order that tells them apart (ledger.md, "Which grant pays first"), in
 * words that stand after the grant. Null when the other one comes first.
 */
export function whyFirst(grant: GrantState, other: GrantState, meters: MeterNames): string | null {
  if (compareSpendingOrder(grant, other) >= 0) return null
  if (grant.memberId !== other.memberId) return 'your own allocation is spent first'
  if (grant.priority !== other.priority) return `has priority ${grant.priority}`
  if (isScoped(grant.scope) !== isScoped(other.scope)) {
    return `may only be spent on ${scopeSubject(grant.scope, meters) ?? 'anything'}`
  }
  if (grant.expiresAt?.getTime() !== other.expiresAt?.getTime()) {
    return other.expiresAt === null ? 'expires, the rest does not' : 'expires first'
  }
  if ((grant.costBasisCents === 0n) !== (other.costBasisCents === 0n))
    return 'was free, so it is spent before paid credits'
  return 'came first'
}

function scopeSubject(scope: Scope | null, meters: MeterNames): string | null {
  if (scope === null || !isScoped(scope)) return null
  const metered = scope.meters?.map((key) => meters.get(key)?.name ?? key)
  const lists = [metered, scope.models, scope.features, scope.members].filter((list) => list !== undefined)
  return lists.some((list) => list.length === 0) ? 'nothing' : lists.flat().join(', ')
}
