import type { GrantState, Scope, SpendContext } from './types'

/** Whether a scope restricts anything: null and a scope without lists do not. */
export function isScoped(scope: Scope | null): boolean {
  return (
    scope !== null &&
    (scope.meters !== undefined ||
      scope.models !== undefined ||
      scope.members !== undefined ||
      scope.features !== undefined)
  )
}

/**
 * Which of two grants pays first: negative when `left` does. A total order that does not depend on time (ledger.md, "Which grant pays
 * first"), so a book stays sorted while instants pass.
 */
export function compareSpendingOrder(left: GrantState, right: GrantState): number {
  return (
    trueFirst(left.memberId !== null, right.memberId !== null) ||
    left.priority - right.priority ||
    trueFirst(isScoped(left.scope), isScoped(right.scope)) ||
    compareExpiry(left.expiresAt, right.expiresAt) ||
    trueFirst(left.costBasisCents === 0n, right.costBasisCents === 0n) ||
    left.effectiveAt.getTime() - right.effectiveAt.getTime() ||
    compareSequence(left.sequence, right.sequence)
  )
}

/** Whether a grant is in force at an instant: `effectiveAt ≤ at < expiresAt`, neither voided nor frozen. Says nothing about scope or rest. */
export function isSpendable(grant: GrantState, at: Date): boolean {
  const instant = at.getTime()
  return (
    !grant.frozen &&
    !grant.voided &&
    grant.effectiveAt.getTime() <= instant &&
    (grant.expiresAt === null || instant < grant.expiresAt.getTime())
  )
}

/**
 * Whether a grant may pay for a usage at the instant of the decision: spendable, in scope, with something free. Whose it is was decided when
 * the wallet was chosen: a Lite member's wallet holds that member's grants and nothing else (`openBook` sees to it).
 */
export function isEligible(grant: GrantState, context: SpendContext): boolean {
  return (
    grant.remaining > grant.held &&
    isSpendable(grant, context.at) &&
    (grant.scope === null || isInScope(grant.scope, context))
  )
}

function isInScope(scope: Scope, context: SpendContext): boolean {
  return (
    allows(scope.meters, context.meter) &&
    allows(scope.models, context.model) &&
    allows(scope.members, context.member) &&
    allows(scope.features, context.feature)
  )
}

function allows(list: readonly string[] | undefined, value: string | undefined): boolean {
  return list === undefined || (value !== undefined && list.includes(value))
}

function compareExpiry(left: Date | null, right: Date | null): number {
  if (left === null || right === null) return trueFirst(left !== null, right !== null)
  return left.getTime() - right.getTime()
}

function trueFirst(left: boolean, right: boolean): number {
  if (left === right) return 0
  return left ? -1 : 1
}

/** By the sequence of the entry that made the grant. */
export function compareSequence(left: bigint, right: bigint): number {
  if (left === right) return 0
  return left < right ? -1 : 1
}
